namespace ArchGen.Architectures;

/// <summary>Experts that every token passes, as one wide gated network (arXiv:2401.06066).</summary>
public interface ISharedExperts
{
    [HyperParameter("expert_shared_count", Hf = "n_shared_experts")] int SharedCount { get; }
    [Tensor("SharedCount*ExpertFf, Embd", Hf = "mlp.shared_experts.gate_proj")] Linear FfnGateShexp { get; }
    [Tensor("SharedCount*ExpertFf, Embd", Hf = "mlp.shared_experts.up_proj")] Linear FfnUpShexp { get; }
    [Tensor("Embd, SharedCount*ExpertFf", Hf = "mlp.shared_experts.down_proj")] Linear FfnDownShexp { get; }
}

/// <summary>An expert for every token, weighted by its own gate (Qwen 2024).</summary>
public interface ISharedExpert
{
    [HyperParameter("expert_shared_feed_forward_length", Hf = "shared_expert_intermediate_size", Default = "Ff")] int SharedFf { get; }
    [Tensor("1, Embd", Hf = "mlp.shared_expert_gate")] Linear FfnGateInpShexp { get; }
    [Tensor("SharedFf, Embd", Hf = "mlp.shared_expert.gate_proj")] Linear FfnGateShexp { get; }
    [Tensor("SharedFf, Embd", Hf = "mlp.shared_expert.up_proj")] Linear FfnUpShexp { get; }
    [Tensor("Embd, SharedFf", Hf = "mlp.shared_expert.down_proj")] Linear FfnDownShexp { get; }
}

/// <summary>DeepSeek's mixture: many small experts that a router chooses from, beside shared ones (arXiv:2401.06066).</summary>
public interface IFineGrainedMixture : IGatedExperts, IRouter, ISharedExperts;

/// <summary>The experts that the router chooses, and the shared ones: h [T, embd] -> [T, embd].</summary>
public abstract class FineGrainedMixture : OpVocabulary
{
    public static Tensor Of(IFineGrainedMixture part, Tensor h)
    {
        var (chosen, weights) = Router.Of(part, h);
        var shared = SharedExperts.Of(part, h);
        return Mixture.Of(part, h, chosen, weights) + shared;
    }
}

/// <summary>What every token passes beside its own experts: h [T, embd] -> [T, embd].</summary>
public abstract class SharedExperts : OpVocabulary
{
    public static Tensor Of(ISharedExperts part, Tensor h) => part.FfnDownShexp.Of(Silu(part.FfnGateShexp.Of(h)) * part.FfnUpShexp.Of(h));

    /// <summary>Times the sigmoid of its own gate.</summary>
    public static Tensor Of(ISharedExpert part, Tensor h) =>
        part.FfnDownShexp.Of(Silu(part.FfnGateShexp.Of(h)) * part.FfnUpShexp.Of(h)) * Sigmoid(part.FfnGateInpShexp.Of(h));
}
