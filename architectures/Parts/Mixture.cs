namespace ArchGen.Architectures;

/// <summary>How many experts a layer has, how many of them a token passes, and the width of one.</summary>
public interface IExpertSizes
{
    [HyperParameter("expert_count", Hf = "num_local_experts|num_experts|n_routed_experts")] int ExpertCount { get; }
    [HyperParameter("expert_used_count", Hf = "num_experts_per_tok")] int ExpertsUsed { get; }
    [HyperParameter("expert_feed_forward_length", Hf = "moe_intermediate_size", Default = "Ff")] int ExpertFf { get; }
}

/// <summary>A router and the way back of experts (arXiv:1701.06538).</summary>
public interface IExperts : IExpertSizes
{
    [Tensor("ExpertCount, Embd")] Linear FfnGateInp { get; }
    [Tensor("ExpertCount, Embd, ExpertFf")] Experts FfnDownExps { get; }
}

/// <summary>Experts with a gate (arXiv:2002.05202).</summary>
public interface IMixture : IExperts
{
    [Tensor("ExpertCount, ExpertFf, Embd")] Experts FfnGateExps { get; }
    [Tensor("ExpertCount, ExpertFf, Embd")] Experts FfnUpExps { get; }
}

/// <summary>Experts with a gate, whose files have gate and up as one matrix or as two.</summary>
public interface IGatedExperts : IExperts
{
    [Tensor("ExpertCount, 2*ExpertFf, Embd")] Experts? FfnGateUpExps { get; }
    [Tensor("ExpertCount, ExpertFf, Embd", InsteadOf = nameof(FfnGateUpExps))] Experts FfnGateExps { get; }
    [Tensor("ExpertCount, ExpertFf, Embd", InsteadOf = nameof(FfnGateUpExps))] Experts FfnUpExps { get; }
}

/// <summary>Mixtures of experts, gated by SiLU unless an activation is given: h [T, embd] -> [T, embd].</summary>
public abstract class Mixture : OpVocabulary
{
    /// <summary>The best experts by softmax, whose weights add up to 1 (arXiv:2101.03961, arXiv:2401.04088).</summary>
    public static Tensor Of(IMixture part, Tensor h) => Of(part, h, Silu);

    /// <summary>The same with another activation.</summary>
    public static Tensor Of(IMixture part, Tensor h, Func<Tensor, Tensor> activation)
    {
        var (chosen, weights) = Router.Best(Softmax(part.FfnGateInp.Of(h)), part.ExpertsUsed);
        var gated = activation(part.FfnGateExps.Of(h, chosen)) * part.FfnUpExps.Of(h, chosen);
        return WeightedSum(part.FfnDownExps.Of(gated, chosen), weights);
    }

    public static Tensor Of(IGatedExperts part, Tensor h)
    {
        var (chosen, weights) = Router.Best(Softmax(part.FfnGateInp.Of(h)), part.ExpertsUsed);
        return Of(part, h, chosen, weights);
    }

    /// <summary>The experts that a router chose, with its weights: both [T, count].</summary>
    public static Tensor Of(IMixture part, Tensor h, Tensor chosen, Tensor weights) =>
        WeightedSum(part.FfnDownExps.Of(Moe.SwiGlu(h, chosen, part.FfnGateExps, part.FfnUpExps), chosen), weights);

    public static Tensor Of(IGatedExperts part, Tensor h, Tensor chosen, Tensor weights) =>
        WeightedSum(part.FfnDownExps.Of(Moe.SwiGlu(h, chosen, part.FfnGateUpExps, part.FfnGateExps, part.FfnUpExps, part.ExpertFf), chosen), weights);
}
