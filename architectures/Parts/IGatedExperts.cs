namespace ArchGen.Architectures;

/// <summary>Experts with a gate, whose files have gate and up as one matrix or as two.</summary>
public interface IGatedExperts
{
    [Tensor("ExpertCount, Embd", Hf = "mlp.gate")] Linear FfnGateInp { get; }
    [Tensor("ExpertCount, 2*ExpertFf, Embd")] Experts? FfnGateUpExps { get; }
    [Tensor("ExpertCount, ExpertFf, Embd", Hf = "mlp.experts.{e}.gate_proj", InsteadOf = nameof(FfnGateUpExps))] Experts? FfnGateExps { get; }
    [Tensor("ExpertCount, ExpertFf, Embd", Hf = "mlp.experts.{e}.up_proj", InsteadOf = nameof(FfnGateUpExps))] Experts? FfnUpExps { get; }
    [Tensor("ExpertCount, Embd, ExpertFf", Hf = "mlp.experts.{e}.down_proj")] Experts FfnDownExps { get; }
}
