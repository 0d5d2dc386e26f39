namespace ArchGen.Architectures;

/// <summary>Phi-3.5-MoE: layer norms, biases throughout, long-context RoPE, and experts weighted by SparseMixer (arXiv:2404.14219, arXiv:2409.12136).</summary>
[Architecture("phimoe", Rope = RopeKind.HalfSplit), Untied(nameof(Output))]
public partial class PhiMoe : BaseDecoder
{
    [Tensor("Embd", Bias = Bias.Required, Epsilon = nameof(RmsEpsilon))] public partial LayerNorm OutputNorm { get; }

    [HyperParameter("attention.sliding_window", Hf = "sliding_window|0", Default = "0")] public partial int SlidingWindow { get; }
    [HyperParameter("router_jitter_noise", Hf = "router_jitter_noise", Unless = "0.01", Default = "0.01")] public partial float JitterNoise { get; }

    public partial class Layer : DecoderLayer
    {
        // Its config calls the epsilon of layer norms rms_norm_eps.
        [Tensor("Embd", Bias = Bias.Required, Epsilon = nameof(RmsEpsilon))] public partial LayerNorm AttnNorm { get; }
        [Tensor("Embd", Bias = Bias.Required, Epsilon = nameof(RmsEpsilon))] public partial LayerNorm FfnNorm { get; }
        [Tensor("Embd, Heads*HeadDim", Bias = Bias.Required)] public partial Linear AttnOutput { get; }
        [Tensor("ExpertCount, Embd", Hf = "block_sparse_moe.gate")] public partial Linear FfnGateInp { get; }
        [Tensor("ExpertCount, Ff, Embd", Hf = "block_sparse_moe.experts.{e}.w1")] public partial Experts FfnGateExps { get; }
        [Tensor("ExpertCount, Ff, Embd", Hf = "block_sparse_moe.experts.{e}.w3")] public partial Experts FfnUpExps { get; }
        [Tensor("ExpertCount, Embd, Ff", Hf = "block_sparse_moe.experts.{e}.w2")] public partial Experts FfnDownExps { get; }

        public Tensor Forward(Tensor x)
        {
            var h = AttnNorm.Of(x);
            Tensor q = Position(AttnQ.Of(h).Heads(Heads)), k = Position(AttnK.Of(h).Heads(KvHeads)), v = AttnV.Of(h).Heads(KvHeads);
            x += AttnOutput.Of(Attention(q, k, v, 1 / Sqrt(HeadDim), window: SlidingWindow));

            h = FfnNorm.Of(x);
            var logits = FfnGateInp.Of(h);
            var chosen = TopK(logits, ExpertsUsed);
            var gated = Moe.SwiGlu(h, chosen, FfnGateExps, FfnUpExps);
            return x + WeightedSum(FfnDownExps.Of(gated, chosen), SparseMixer(logits, chosen, JitterNoise));
        }

        private Tensor Position(Tensor heads) => Rope(heads, Factors(heads));
    }

    protected override Tensor LastNorm(Tensor x) => OutputNorm.Of(x);
}

// Checkpoints.
[HuggingFace("PhimoeForCausalLM", "PhiMoEForCausalLM")]
[Hf(nameof(RopeDims), "partial_rotary_factor*hidden_size/num_attention_heads|hidden_size/num_attention_heads")]
public partial class PhiMoe;
