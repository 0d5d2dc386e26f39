namespace ArchGen.Architectures;

/// <summary>What decoders share that end with a root-mean-square norm, as Llama does.</summary>
[Architecture("decoder")]
public abstract partial class Decoder : BaseDecoder
{
    [Tensor("Embd")] public partial RmsNorm OutputNorm { get; }

    protected override Tensor LastNorm(Tensor x) => OutputNorm.Of(x);
}
