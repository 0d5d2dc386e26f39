namespace ArchGen.Architectures;

/// <summary>Qwen1.5-MoE and Qwen2-57B-A14B: Qwen2 with small experts, and a gated expert that every token passes (Qwen 2024).</summary>
[Architecture("qwen2moe", Rope = RopeKind.HalfSplit), Default(nameof(IExpertSizes.ExpertFf), "Ff/ExpertsUsed")]
public partial class Qwen2Moe : Decoder
{
    [HyperParameter("expert_weights_norm", Hf = "norm_topk_prob", Unless = "false", Default = "false")] public partial bool NormalizeWeights { get; }

    public partial class Layer : PreNormLayer, IAttention, IMixture, ISharedExpert
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, LongRotary, 1 / Sqrt(HeadDim));

        protected override Tensor FeedForward(Tensor h)
        {
            var (chosen, weights) = Router.Best(Softmax(FfnGateInp.Of(h)), ExpertsUsed, NormalizeWeights);
            return Mixture.Of(this, h, chosen, weights) + SharedExperts.Of(this, h);
        }
    }
}

// Checkpoints.
[HuggingFace("Qwen2MoeForCausalLM"), ConfigIs("decoder_sparse_step", "1"), ConfigIs("mlp_only_layers", "none")]
[ConfigIs("use_sliding_window", "false"), ConfigIs("layer_types", "full_attention"), IgnoredConfig("sliding_window|max_window_layers", "no layer slides")]
public partial class Qwen2Moe;
