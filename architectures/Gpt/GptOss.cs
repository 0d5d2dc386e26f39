namespace ArchGen.Architectures;

/// <summary>gpt-oss: attention sinks, every other layer in a window, biases throughout, and experts gated by a clamped SwiGLU (arXiv:2508.10925).</summary>
[Architecture("gpt-oss", Rope = RopeKind.HalfSplit), Untied(nameof(Output)), Default(nameof(IWindow.SlidingPattern), "2")]
public partial class GptOss : Decoder
{
    [HyperParameter("attention.sliding_window", Hf = "sliding_window")] public partial int SlidingWindow { get; }
    [HyperParameter("rope.scaling.yarn_truncate", Hf = "rope_scaling.truncate|rope_parameters.truncate", Unless = "true", Default = "true")]
    public partial bool RampTruncated { get; }

    public partial class Layer : PostAttentionNormLayer, ISinkAttention, IWindow, IWindowRope, IBiasedExperts
    {
        [Tensor("Embd, Heads*HeadDim", Bias = Bias.Required)] public partial Linear AttnOutput { get; }

        protected override Tensor Attend(Tensor h) =>
            SelfAttention.Of(this, h, Rotary with { FreqBase = FreqBase, IsTruncated = RampTruncated }, 1 / Sqrt(HeadDim), Window);
        protected override Tensor FeedForward(Tensor h) => BiasedExperts.Of(this, h);
    }
}

// Checkpoints have the rows of gate and up interleaved; in MXFP4 as rows, in other types as columns.
[HuggingFace("GptOssForCausalLM"), Hf(nameof(IExpertSizes.ExpertFf), "intermediate_size"), ConfigIs("hidden_act", "silu"), ConfigIs("swiglu_alpha", "1.702")]
[IgnoredConfig("experts_per_token|initial_context_length", "other keys say the same")]
public partial class GptOss
{
    private static Weights AsRows(Weights experts) => experts.Shape.Count == 3 && experts.Storage != WeightsStorage.Mxfp4 ? experts.Transposed() : experts;
    private static Weights EvenRows(Weights gateAndUp) => AsRows(gateAndUp).EveryInnerRow(2, 0);
    private static Weights OddRows(Weights gateAndUp) => AsRows(gateAndUp).EveryInnerRow(2, 1);
}
