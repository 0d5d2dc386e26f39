namespace ArchGen.Architectures;

/// <summary>Phi-3.5-MoE: layer norms, biases throughout, long-context RoPE, and experts weighted by SparseMixer (arXiv:2404.14219, arXiv:2409.12136).</summary>
[Architecture("phimoe", Rope = RopeKind.HalfSplit), Untied(nameof(Output))]
public partial class PhiMoe : LayerNormDecoder
{
    // Its config, and its files, call the epsilon of layer norms rms_norm_eps.
    [Tensor("Embd", Bias = Bias.Required, Epsilon = nameof(RmsEpsilon))] public new partial LayerNorm OutputNorm { get; }

    [HyperParameter("attention.sliding_window", Hf = "sliding_window|0", Default = "0")] public partial int SlidingWindow { get; }
    [HyperParameter("router_jitter_noise", Hf = "router_jitter_noise", Unless = "0.01", Default = "0.01")] public partial float JitterNoise { get; }

    public partial class Layer : LayerNormLayer, IAttention, IMixture
    {
        [Tensor("Embd", Bias = Bias.Required, Epsilon = nameof(RmsEpsilon))] public new partial LayerNorm AttnNorm { get; }
        [Tensor("Embd", Bias = Bias.Required, Epsilon = nameof(RmsEpsilon))] public new partial LayerNorm FfnNorm { get; }
        [Tensor("Embd, Heads*HeadDim", Bias = Bias.Required)] public partial Linear AttnOutput { get; }

        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, LongRotary, 1 / Sqrt(HeadDim), SlidingWindow);

        protected override Tensor FeedForward(Tensor h)
        {
            var logits = FfnGateInp.Of(h);
            var chosen = TopK(logits, ExpertsUsed);
            return Mixture.Of(this, h, chosen, SparseMixer(logits, chosen, JitterNoise));
        }
    }
}

// Checkpoints.
[HuggingFace("PhimoeForCausalLM", "PhiMoEForCausalLM"), Names(typeof(MixtralNames))]
[Hf(nameof(RopeDims), "partial_rotary_factor*hidden_size/num_attention_heads|hidden_size/num_attention_heads")]
public partial class PhiMoe;
