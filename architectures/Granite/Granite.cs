namespace ArchGen.Architectures;

/// <summary>Granite 3: Llama, dense or a mixture, with multipliers on embeddings, attention, residual branches and logits (arXiv:2408.13359).</summary>
[Architecture("granite", Rope = RopeKind.Interleaved), Default(nameof(IExpertSizes.ExpertCount), "0"), Default(nameof(IExpertSizes.ExpertsUsed), "0")]
public partial class Granite : Decoder
{
    [HyperParameter("embedding_scale", Hf = "embedding_multiplier", Default = "1")] public partial float EmbeddingScale { get; }
    [HyperParameter("attention.scale", Hf = "attention_multiplier", Default = "0")] public partial float AttentionScale { get; }
    [HyperParameter("residual_scale", Hf = "residual_multiplier", Default = "1")] public partial float ResidualScale { get; }
    [HyperParameter("logit_scale", Hf = "logits_scaling", Default = "1")] public partial float LogitScale { get; }

    public float QueryScale => AttentionScale == 0 ? 1 / Sqrt(HeadDim) : AttentionScale;
    public bool IsMixture => ExpertCount > 0;

    public abstract partial class Layer : PreNormLayer, IAttention
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, LongRotary, QueryScale) * ResidualScale;
    }

    public partial class DenseLayer : Layer, IBiasedFeedForward
    {
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h) * ResidualScale;
    }

    [When(nameof(IsMixture))]
    public partial class MixtureLayer : Layer, IMixture
    {
        protected override Tensor FeedForward(Tensor h) => Mixture.Of(this, h) * ResidualScale;
    }

    protected override Tensor Embed(Tokens tokens) => base.Embed(tokens) * EmbeddingScale;
    protected override Tensor Logits(Tensor x) => base.Logits(x) * (1 / LogitScale);
}

// Checkpoints.
[HuggingFace("GraniteForCausalLM")]
public partial class Granite;
