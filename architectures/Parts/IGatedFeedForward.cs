namespace ArchGen.Architectures;

/// <summary>The gated feed-forward network of Llama and similar models (arXiv:2002.05202).</summary>
public interface IGatedFeedForward
{
    [Tensor("Ff, Embd", Hf = "mlp.gate_proj")] Linear FfnGate { get; }
    [Tensor("Ff, Embd", Hf = "mlp.up_proj")] Linear FfnUp { get; }
    [Tensor("Embd, Ff", Hf = "mlp.down_proj")] Linear FfnDown { get; }
}
