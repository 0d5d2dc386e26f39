namespace ArchGen.Architectures;

/// <summary>Llama 1 to 3, Mistral, Mixtral: grouped-query attention and SwiGLU, dense or a mixture of experts (arXiv:2302.13971, arXiv:2401.04088).</summary>
[Architecture("llama", Rope = RopeKind.Interleaved), Default(nameof(IExpertSizes.ExpertCount), "0"), Default(nameof(IExpertSizes.ExpertsUsed), "0")]
public partial class Llama : Decoder, IRanker
{
    [HyperParameter("attention.sliding_window", Hf = "sliding_window", Unless = "0", Default = "0")] public partial int SlidingWindow { get; }
    // Mistral: every layer has the window or none. Files that llama.cpp's converter wrote have no pattern, and their window is not applied.
    [HyperParameter("attention.sliding_window_pattern", Hf = "0*sliding_window", Unless = "1", Default = "1")]
    public partial LayerPattern SlidingPattern { get; }

    public int Window => SlidingPattern.IsEverywhere ? SlidingWindow : 0;
    public bool IsMixture => ExpertCount > 0;

    public abstract partial class Layer : PreNormLayer, IAttention
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, LongRotary, 1 / Sqrt(HeadDim), Window);
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

    protected override Tensor Rank(Tensor row) => Ranker.Of(this, row);
}

// Checkpoints.
[HuggingFace("LlamaForCausalLM", "LLaMAForCausalLM", "LlamaModel", "MistralForCausalLM", "MixtralForCausalLM", "Transformer"), Names(typeof(MixtralNames))]
public partial class Llama;
