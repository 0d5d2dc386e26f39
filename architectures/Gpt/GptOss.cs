namespace ArchGen.Architectures;

/// <summary>gpt-oss: attention sinks, every other layer in a window, biases throughout, and experts gated by a clamped SwiGLU (arXiv:2508.10925).</summary>
[Architecture("gpt-oss", Rope = RopeKind.HalfSplit), Untied(nameof(Output))]
public partial class GptOss : Decoder
{
    [HyperParameter("attention.sliding_window", Hf = "sliding_window")] public partial int SlidingWindow { get; }
    [HyperParameter("attention.sliding_window_pattern", Hf = "layer_types", Values = "sliding_attention=1|full_attention=0", Unless = "2",
        Default = "2")]
    public partial LayerPattern SlidingPattern { get; }
    [HyperParameter("rope.freq_base_swa", Default = "RopeFreqBase")] public partial float SlidingFreqBase { get; }
    [HyperParameter("rope.scaling.yarn_truncate", Hf = "rope_scaling.truncate|rope_parameters.truncate", Unless = "true", Default = "true")]
    public partial bool RampTruncated { get; }
    [HyperParameter("swiglu_limit", Hf = "swiglu_limit", Unless = "7", Default = "7")] public partial float GateLimit { get; }

    // The checkpoint has the rows of gate and up interleaved; in MXFP4 as rows, in other types as columns.
    private static Weights AsRows(Weights experts) => experts.Shape.Count == 3 && experts.Storage != WeightsStorage.Mxfp4 ? experts.Transposed() : experts;
    private static Weights EvenRows(Weights gateAndUp) => AsRows(gateAndUp).EveryInnerRow(2, 0);
    private static Weights OddRows(Weights gateAndUp) => AsRows(gateAndUp).EveryInnerRow(2, 1);

    public partial class Layer : DecoderLayer
    {
        [Tensor("Embd")] public partial RmsNorm AttnNorm { get; }
        [Tensor("Heads", Hf = "self_attn.sinks")] public partial Weight AttnSinks { get; }
        [Tensor("Embd, Heads*HeadDim", Bias = Bias.Required)] public partial Linear AttnOutput { get; }
        [Tensor("Embd", Hf = "post_attention_layernorm")] public partial RmsNorm PostAttentionNorm { get; }
        [Tensor("ExpertCount, Embd", Hf = "mlp.router", Bias = Bias.Required)] public partial Linear FfnGateInp { get; }
        [Tensor("ExpertCount, ExpertFf, Embd", Hf = "mlp.experts.gate_up_proj", HfEndings = "|_bias", From = nameof(EvenRows), Bias = Bias.Required)]
        public partial Experts FfnGateExps { get; }
        [Tensor("ExpertCount, ExpertFf, Embd", Hf = "mlp.experts.gate_up_proj", HfEndings = "|_bias", From = nameof(OddRows), Bias = Bias.Required)]
        public partial Experts FfnUpExps { get; }
        [Tensor("ExpertCount, Embd, ExpertFf", Hf = "mlp.experts.down_proj", HfEndings = "|_bias", From = nameof(AsRows), Bias = Bias.Required)]
        public partial Experts FfnDownExps { get; }

        public bool IsSliding => SlidingPattern[Index];

        public Tensor Forward(Tensor x)
        {
            var h = AttnNorm.Of(x);
            Tensor q = Position(AttnQ.Of(h).Heads(Heads)), k = Position(AttnK.Of(h).Heads(KvHeads)), v = AttnV.Of(h).Heads(KvHeads);
            x += AttnOutput.Of(Attention(q, k, v, 1 / Sqrt(HeadDim), window: IsSliding ? SlidingWindow : 0, sinks: AttnSinks));

            h = PostAttentionNorm.Of(x);
            var logits = FfnGateInp.Of(h);
            var chosen = TopK(logits, ExpertsUsed);
            var up = Clamp(FfnUpExps.Of(h, chosen), -GateLimit, GateLimit);
            var gate = GeluQuick(Clamp(FfnGateExps.Of(h, chosen), float.NegativeInfinity, GateLimit));
            // The gate multiplies up + 1.
            return x + WeightedSum(FfnDownExps.Of((gate * up) + gate, chosen), Softmax(Gather(logits, chosen)));
        }

        private Tensor Position(Tensor heads) => Rope(heads, freqBase: IsSliding ? SlidingFreqBase : RopeFreqBase, truncated: RampTruncated);
    }
}

// Checkpoints.
[HuggingFace("GptOssForCausalLM")]
[Hf(nameof(ExpertFf), "intermediate_size")]
[ConfigIs("hidden_act", "silu"), ConfigIs("swiglu_alpha", "1.702")]
[IgnoredConfig("experts_per_token|initial_context_length", "other keys say the same")]
public partial class GptOss;
