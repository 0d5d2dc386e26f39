using ArchGen.Architectures;

namespace ArchGen.Tutorial.Tests.WrongPorts;

/// <summary>Each norm stands where the other should.</summary>
[Architecture("wrong-llama-norms-exchanged", Rope = RopeKind.Interleaved)]
public partial class LlamaNormsExchanged : Llama
{
    public partial class ExchangedLayer : Layer
    {
        protected override Tensor AttentionBranch(Tensor x) => SelfAttention(FfnNorm.Of(x));
        protected override Tensor FeedForwardBranch(Tensor x) => FeedForward(AttnNorm.Of(x));
    }
}

/// <summary>The norm stands before the attention, not after it.</summary>
[Architecture("wrong-olmo2-norm-before", Rope = RopeKind.HalfSplit)]
public partial class Olmo2NormBefore : Olmo2
{
    public partial class NormedFirstLayer : OlmoLayer
    {
        protected override Tensor AttentionBranch(Tensor x) => SelfAttention(PostAttentionNorm.Of(x));
    }
}

/// <summary>The norm of keys norms the queries, and the reverse.</summary>
[Architecture("wrong-qwen3-head-norms-exchanged", Rope = RopeKind.HalfSplit)]
public partial class Qwen3HeadNormsExchanged : Qwen3
{
    public partial class ExchangedLayer : QkNormLayer
    {
        protected override Tensor Query(Tensor h) => Rope(AttnKNorm.Of(AttnQ.Of(h).Heads(Heads)));
        protected override Tensor Key(Tensor h) => Rope(AttnQNorm.Of(AttnK.Of(h).Heads(KvHeads)));
    }
}

/// <summary>A residual branch is halved.</summary>
[Architecture("wrong-llama-residual-scale", Rope = RopeKind.Interleaved)]
public partial class LlamaResidualScale : Llama
{
    public partial class HalvedLayer : Layer
    {
        protected override Tensor AttentionBranch(Tensor x) => SelfAttention(AttnNorm.Of(x)) * 0.5f;
    }
}

/// <summary>Embeddings are not scaled.</summary>
[Architecture("wrong-gemma-embedding-scale", Rope = RopeKind.HalfSplit)]
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
