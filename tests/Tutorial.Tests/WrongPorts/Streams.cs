using ArchGen.Architectures;

namespace ArchGen.Tutorial.Tests.WrongPorts;

/// <summary>Each norm stands where the other should.</summary>
[Architecture("wrong-llama-norms-exchanged", Rope = RopeKind.Interleaved)]
public partial class LlamaNormsExchanged : Llama
{
    public partial class ExchangedLayer : DenseLayer
    {
        public override Tensor Forward(Tensor x)
        {
            x += Attend(FfnNorm.Of(x));
            return x + FeedForward(AttnNorm.Of(x));
        }
    }
}

/// <summary>The norm stands before the attention, not after it.</summary>
[Architecture("wrong-olmo2-norm-before", Rope = RopeKind.HalfSplit)]
public partial class Olmo2NormBefore : Olmo2
{
    public partial class NormedLayer : Layer
    {
        public override Tensor Forward(Tensor x)
        {
            x += Attend(PostAttentionNorm.Of(x));
            return x + PostFfwNorm.Of(FeedForward(x));
        }
    }
}

/// <summary>The norm of keys norms the queries, and the reverse.</summary>
[Architecture("wrong-qwen3-head-norms-exchanged", Rope = RopeKind.HalfSplit)]
public partial class Qwen3HeadNormsExchanged : Qwen3
{
    public partial class ExchangedLayer : Layer
    {
        protected override Tensor Attend(Tensor h) =>
            SelfAttention.Of(this, h, q => Rope(AttnKNorm.Of(q)), k => Rope(AttnQNorm.Of(k)), 1 / Sqrt(HeadDim), window: 0);
    }
}

/// <summary>A residual branch is halved.</summary>
[Architecture("wrong-llama-residual-scale", Rope = RopeKind.Interleaved)]
public partial class LlamaResidualScale : Llama
{
    public partial class HalvedLayer : DenseLayer
    {
        protected override Tensor Attend(Tensor h) => base.Attend(h) * 0.5f;
    }
}

/// <summary>Embeddings are not scaled.</summary>
[Architecture("wrong-gemma-unscaled-embedding", Rope = RopeKind.HalfSplit)]
public partial class GemmaEmbeddingScale : Gemma
{
    public override Tensor Forward(Tokens tokens) => Logits(OutputNorm.Of(Layers.Of(TokenEmbd.Of(tokens))));
}

/// <summary>Logits are not capped.</summary>
[Architecture("wrong-gemma2-logits-without-softcap", Rope = RopeKind.HalfSplit)]
public partial class Gemma2LogitsWithoutSoftcap : Gemma2
{
    protected override Tensor Logits(Tensor x) => Output.Of(x);
}

/// <summary>Positions are added twice.</summary>
[Architecture("wrong-gpt2-positions-twice", Rope = RopeKind.None)]
public partial class Gpt2PositionsTwice : Gpt2
{
    protected override Tensor Embed(Tokens tokens) => TokenEmbd.Of(tokens) + (PositionEmbd.Of(tokens.Positions) * 2);
}
