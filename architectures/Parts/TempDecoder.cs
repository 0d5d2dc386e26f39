namespace ArchGen.Architectures;

/// <summary>x</summary>
[Architecture("temp-base")]
public abstract partial class TempBaseDecoder : Decoder
{
    [Tensor("Vocab, Embd", Hf = "lm_head", TiedTo = nameof(TokenEmbd), Bias = Bias.Optional)] public partial Linear Output { get; }

    public override Tensor Forward(Tokens tokens) => Logits(LastNorm(Layers.Of(Embed(tokens))));
    protected virtual Tensor Embed(Tokens tokens) => TokenEmbd.Of(tokens);
    protected abstract Tensor LastNorm(Tensor x);
    protected virtual Tensor Logits(Tensor x) => Output.Of(x);
}

/// <summary>x</summary>
[Architecture("temp")]
public abstract partial class TempDecoder : TempBaseDecoder
{
    [Tensor("Embd", Hf = "model.norm")] public partial RmsNorm OutputNorm { get; }

    protected override Tensor LastNorm(Tensor x) => OutputNorm.Of(x);
}

/// <summary>x</summary>
[Architecture("temp-layer")]
public abstract partial class TempLayerNormDecoder : TempBaseDecoder
{
    [Tensor("Embd", Hf = "model.norm", Bias = Bias.Required)] public partial LayerNorm OutputNorm { get; }

    protected override Tensor LastNorm(Tensor x) => OutputNorm.Of(x);
}
