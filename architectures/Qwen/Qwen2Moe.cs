namespace ArchGen.Architectures;

/// <summary>Qwen1.5-MoE and Qwen2-57B-A14B: Qwen2 with small experts, and a gated expert that every token passes (Qwen 2024).</summary>
[Architecture("qwen2moe"), Default(nameof(ExpertFf), "Ff/ExpertsUsed")]
public partial class Qwen2Moe : Qwen2
{
    [HyperParameter("expert_shared_feed_forward_length", Hf = "shared_expert_intermediate_size", Default = "Ff")] public partial int SharedFf { get; }
    [HyperParameter("expert_weights_norm", Hf = "norm_topk_prob", Unless = "false", Default = "false")] public partial bool NormalizeWeights { get; }

    public partial class SharedExpertLayer : Layer, ISharedExpert
    {
        protected override Tensor Mixture(Tensor h)
        {
            var scores = Softmax(FfnGateInp!.Of(h));
            var chosen = TopK(scores, ExpertsUsed);
            var weights = Gather(scores, chosen);
            if (NormalizeWeights) weights = weights / Sum(weights);
            var mixed = WeightedSum(FfnDownExps!.Of(Moe.SwiGlu(h, chosen, FfnGateExps!, FfnUpExps!), chosen), weights);
            return mixed + Moe.GatedExpert(h, FfnGateInpShexp, FfnGateShexp, FfnUpShexp, FfnDownShexp);
        }
    }
}

// Checkpoints.
[HuggingFace("Qwen2MoeForCausalLM")]
[ConfigIs("decoder_sparse_step", "1"), ConfigIs("mlp_only_layers", "none")]
public partial class Qwen2Moe;
