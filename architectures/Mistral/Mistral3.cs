namespace ArchGen.Architectures;

/// <summary>Ministral 3: Llama whose queries are scaled by position, dense or a mixture of experts (arXiv:2601.08584).</summary>
[Architecture("mistral3", Rope = RopeKind.Interleaved)]
public partial class Mistral3 : Decoder
{
    [HyperParameter("attention.temperature_scale", Hf = "rope_parameters.llama_4_scaling_beta|rope_scaling.llama_4_scaling_beta", Default = "0")]
    public partial float TemperatureScale { get; }

    public bool IsMixture => ExpertCount > 0;

    public abstract partial class Layer : PreNormLayer, IAttention
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, q => Tempered(LongRotary.Of(q)), LongRotary, 1 / Sqrt(HeadDim), window: 0);
        private Tensor Tempered(Tensor q) => TemperatureScale == 0 ? q : Temperature(q, TemperatureScale, RopeScaling.OriginalContext);
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
}

// Checkpoints.
[HuggingFace("Ministral3ForCausalLM"), Default(nameof(IExpertSizes.ExpertCount), "0"), Default(nameof(IExpertSizes.ExpertsUsed), "0")]
public partial class Mistral3;
