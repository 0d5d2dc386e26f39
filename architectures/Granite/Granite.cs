namespace ArchGen.Architectures;

/// <summary>
/// Granite 3: Llama with multipliers on embeddings, attention, residual branches and logits, dense or a mixture of experts (IBM 2024, arXiv:2408.13359).
/// </summary>
[Architecture("granite", Rope = RopeKind.Interleaved)]
public partial class Granite : TempDecoder
{
    [HyperParameter("embedding_scale", Hf = "embedding_multiplier", Default = "1")] public partial float EmbeddingScale { get; }
    [HyperParameter("residual_scale", Hf = "residual_multiplier", Default = "1")] public partial float ResidualScale { get; }
    [HyperParameter("logit_scale", Hf = "logits_scaling", Default = "1")] public partial float LogitScale { get; }
    [HyperParameter("attention.scale", Hf = "attention_multiplier", Default = "0")] public partial float AttentionScale { get; }

    public virtual float BranchScale => ResidualScale;
    public virtual float Divisor => LogitScale;
    public bool IsMixture => ExpertCount > 0 && SharedFf == 0;
    public bool IsSharedMixture => ExpertCount > 0 && SharedFf > 0;

    public abstract partial class Layer : JoinedLayer, IAttention
    {
        [Tensor("Embd", Hf = "input_layernorm")] public partial RmsNorm AttnNorm { get; }
        [Tensor("Embd", Hf = "post_attention_layernorm")] public partial RmsNorm FfnNorm { get; }

        public Tensor Forward(Tensor x)
        {
            x += Attend(AttnNorm.Of(x)) * BranchScale;
            return x + FeedForward(FfnNorm.Of(x)) * BranchScale;
        }

        protected override Tensor Attend(Tensor h) =>
            SelfAttention.Of(this, h, x => Rope(x, Factors(x)), AttentionScale == 0 ? 1 / Sqrt(HeadDim) : AttentionScale);
    }

    public partial class DenseLayer : Layer, IBiasedFeedForward
    {
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }

    [When(nameof(IsMixture))]
    public partial class MixtureLayer : Layer, IMixture
    {
        protected override Tensor FeedForward(Tensor h) => Mixture.Of(this, h);
    }

    [When(nameof(IsSharedMixture))]
    public partial class SharedMixtureLayer : Layer, IMixture, IWideSharedExpert
    {
        protected override Tensor FeedForward(Tensor h) => Mixture.Of(this, h) + SharedExperts.Of(this, h);
    }

    protected override Tensor Embed(Tokens tokens) => base.Embed(tokens) * EmbeddingScale;
    protected override Tensor Logits(Tensor x) => base.Logits(x) * (1 / Divisor);
}

// Checkpoints.
[HuggingFace("GraniteForCausalLM"), Default(nameof(IExperts.ExpertCount), "0"), Default(nameof(IExperts.ExpertsUsed), "0")]
public partial class Granite;
