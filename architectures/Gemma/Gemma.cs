namespace ArchGen.Architectures;

/// <summary>Gemma: a wide feed-forward network gated by GELU, embeddings scaled by the root of their width (arXiv:2403.08295).</summary>
[Architecture("gemma", Rope = RopeKind.HalfSplit)]
public partial class Gemma : Decoder
{
    public partial class Layer : PreNormLayer, IAttention, IGatedFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, LongRotary, 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => GeGlu.Of(this, h);
    }

    protected override Tensor Embed(Tokens tokens) => base.Embed(tokens) * Sqrt(Embd);
}

// Checkpoints; their norms multiply by 1 + w.
[HuggingFace("GemmaForCausalLM"), ConfigIs("hidden_act", "gelu|gelu_pytorch_tanh"), Hf(nameof(RopeFreqBase), "rope_theta", Unless = "10000")]
[HfFrom(nameof(OnePlus), nameof(OutputNorm), nameof(Layer.AttnNorm), nameof(Layer.FfnNorm))]
public partial class Gemma;
