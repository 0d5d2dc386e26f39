namespace ArchGen.Architectures;

/// <summary>What decoders share that end with a layer norm with bias.</summary>
[Architecture("layer-norm-decoder")]
public abstract partial class LayerNormDecoder : BaseDecoder
{
    [Tensor("Embd", Bias = Bias.Required)] public partial LayerNorm OutputNorm { get; }

    protected override Tensor LastNorm(Tensor x) => OutputNorm.Of(x);
}
