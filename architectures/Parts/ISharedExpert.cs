namespace ArchGen.Architectures;

/// <summary>An expert for every token, weighted by its own gate (Qwen 2024).</summary>
public interface ISharedExpert
{
    [Tensor("1, Embd", Hf = "mlp.shared_expert_gate")] Linear FfnGateInpShexp { get; }
    [Tensor("SharedFf, Embd", Hf = "mlp.shared_expert.gate_proj")] Linear FfnGateShexp { get; }
    [Tensor("SharedFf, Embd", Hf = "mlp.shared_expert.up_proj")] Linear FfnUpShexp { get; }
    [Tensor("Embd, SharedFf", Hf = "mlp.shared_expert.down_proj")] Linear FfnDownShexp { get; }
}
