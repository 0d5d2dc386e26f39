namespace ArchGen.Architectures;

/// <summary>Qwen3's mixture of experts: each layer sends a token to a few small experts (arXiv:2505.09388).</summary>
[Architecture("qwen3moe", Rope = RopeKind.HalfSplit), Default(nameof(IExpertSizes.ExpertFf), "Ff/ExpertsUsed")]
public partial class Qwen3Moe : Decoder
{
    public partial class Layer : PreNormLayer, IQkNorm, IMixture
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, LongRotary, 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => Mixture.Of(this, h);
    }
}

// Checkpoints.
[HuggingFace("Qwen3MoeForCausalLM"), ConfigIs("decoder_sparse_step", "1"), ConfigIs("mlp_only_layers", "none"), ConfigIs("norm_topk_prob|use_qk_norm", "true")]
[ConfigIs("use_sliding_window", "false"), ConfigIs("layer_types", "full_attention"), IgnoredConfig("sliding_window|max_window_layers", "no layer slides")]
public partial class Qwen3Moe;
