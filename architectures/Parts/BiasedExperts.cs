namespace ArchGen.Architectures;

/// <summary>Experts and a router with biases, gated by a clamped SwiGLU; a checkpoint has gate and up as one matrix (arXiv:2508.10925).</summary>
public interface IBiasedExperts : IExpertSizes
{
    [HyperParameter("swiglu_limit", Hf = "swiglu_limit", Unless = "7", Default = "7")] float GateLimit { get; }
    [Tensor("ExpertCount, Embd", Hf = "mlp.router", Bias = Bias.Required)] Linear FfnGateInp { get; }
    [Tensor("ExpertCount, ExpertFf, Embd", Hf = "mlp.experts.gate_up_proj", HfEndings = "|_bias", From = "EvenRows", Bias = Bias.Required)]
    Experts FfnGateExps { get; }
    [Tensor("ExpertCount, ExpertFf, Embd", Hf = "mlp.experts.gate_up_proj", HfEndings = "|_bias", From = "OddRows", Bias = Bias.Required)]
    Experts FfnUpExps { get; }
    [Tensor("ExpertCount, Embd, ExpertFf", Hf = "mlp.experts.down_proj", HfEndings = "|_bias", From = "AsRows", Bias = Bias.Required)]
    Experts FfnDownExps { get; }
}

/// <summary>The best experts, weighted by the softmax of their own scores: h [T, embd] -> [T, embd].</summary>
public abstract class BiasedExperts : OpVocabulary
{
    public static Tensor Of(IBiasedExperts part, Tensor h)
    {
        var logits = part.FfnGateInp.Of(h);
        var chosen = TopK(logits, part.ExpertsUsed);
        var up = Clamp(part.FfnUpExps.Of(h, chosen), -part.GateLimit, part.GateLimit);
        var gate = GeluQuick(Clamp(part.FfnGateExps.Of(h, chosen), float.NegativeInfinity, part.GateLimit));
        // The gate multiplies up + 1.
        return WeightedSum(part.FfnDownExps.Of((gate * up) + gate, chosen), Softmax(Gather(logits, chosen)));
    }
}
