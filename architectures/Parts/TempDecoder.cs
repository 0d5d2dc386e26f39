namespace ArchGen.Architectures;

/// <summary>x</summary>
[Architecture("temp")]
public abstract partial class TempDecoder : Decoder
{
    [Tensor("Embd", Hf = "model.norm")] public partial RmsNorm OutputNorm { get; }
    [Tensor("Vocab, Embd", Hf = "lm_head", TiedTo = nameof(TokenEmbd), Bias = Bias.Optional)] public partial Linear Output { get; }

    public override Tensor Forward(Tokens tokens) => Output.Of(OutputNorm.Of(Layers.Of(TokenEmbd.Of(tokens))));
}
