namespace ArchGen.Architectures;

/// <summary>DeepSeek's router: softmax or sigmoid, a bias for the choice alone, groups of experts, a scale (arXiv:2405.04434, arXiv:2412.19437).</summary>
public interface IRouter : IExperts
{
    [HyperParameter("expert_group_count", Hf = "n_group", Default = "1")] int Groups { get; }
    [HyperParameter("expert_group_used_count", Hf = "topk_group", Default = "1")] int GroupsUsed { get; }
    [HyperParameter("expert_gating_func", Hf = "scoring_func", Values = "softmax=1|sigmoid=2", Default = "1")] int GatingFunction { get; }
    [HyperParameter("expert_weights_norm", Hf = "norm_topk_prob", Unless = "false", Default = "false")] bool NormalizeWeights { get; }
    [HyperParameter("expert_weights_scale", Hf = "routed_scaling_factor", Default = "0")] float WeightsScale { get; }
    [Tensor("ExpertCount", Hf = "mlp.gate.e_score_correction_bias", Name = "exp_probs_b.bias")] Weight? ExpProbsB { get; }

    bool IsSigmoid => GatingFunction == 2;
}

/// <summary>Which experts a token goes to: h [T, embd], or scores [T, experts] -> the experts chosen and their weights, both [T, count].</summary>
public abstract class Router : OpVocabulary
{
    /// <summary>The best scores, as weights that add up to 1 (arXiv:2101.03961, arXiv:2401.04088).</summary>
    public static (Tensor Chosen, Tensor Weights) Best(Tensor scores, int count) => Best(scores, count, true);

    /// <summary>The best scores, as weights that add up to 1 if they are normalized.</summary>
    public static (Tensor Chosen, Tensor Weights) Best(Tensor scores, int count, bool areNormalized)
    {
        var chosen = TopK(scores, count);
        var weights = Gather(scores, chosen);
        if (areNormalized) weights = weights / Sum(weights);
        return (chosen, weights);
    }

    /// <summary>As DeepSeek V2 and V3: V3 ranks a group by its two best experts, V2 by its best.</summary>
    public static (Tensor Chosen, Tensor Weights) Of(IRouter part, Tensor h)
    {
        var logits = part.FfnGateInp.Of(h);
        var scores = part.IsSigmoid ? Sigmoid(logits) : Softmax(logits);
        var ranking = part.ExpProbsB is null ? scores : scores + part.ExpProbsB;
        if (part.Groups > 1) ranking = TopGroups(ranking, part.Groups, part.GroupsUsed, part.IsSigmoid ? 2 : 1);
        var chosen = TopK(ranking, part.ExpertsUsed);
        var weights = Gather(scores, chosen);
        if (part.NormalizeWeights) weights = weights / Sum(weights);
        if (part.WeightsScale != 0) weights = weights * part.WeightsScale;
        return (chosen, weights);
    }
}
