namespace ArchGen.Architectures;

/// <summary>Functions of mixtures of experts; the generator inlines them into forward passes.</summary>
internal abstract class Moe : OpVocabulary
{
    /// <summary>
    /// The experts with the best scores [T, experts] -> [T, count], and these scores as weights that add up to 1 (arXiv:2101.03961, arXiv:2401.04088).
    /// </summary>
    public static (Tensor Chosen, Tensor Weights) Best(Tensor scores, int count)
    {
        var chosen = TopK(scores, count);
        var weights = Gather(scores, chosen);
        return (chosen, weights / Sum(weights));
    }

    /// <summary>The gated half of SwiGLU (arXiv:2002.05202) in each chosen expert: h [T, embd] -> [T, count, ff].</summary>
    public static Tensor SwiGlu(Tensor h, Tensor chosen, Experts gate, Experts up) => Silu(gate.Of(h, chosen)) * up.Of(h, chosen);

    /// <summary>The same where gate and up are one matrix of 2*ff rows.</summary>
    public static Tensor SwiGlu(Tensor h, Tensor chosen, Experts gateAndUp, int ff)
    {
        var (gate, up) = gateAndUp.Of(h, chosen).Split(ff, ff);
        return Silu(gate) * up;
    }

    /// <summary>With gate and up as one matrix or as two, as in the file.</summary>
    public static Tensor SwiGlu(Tensor h, Tensor chosen, Experts? gateAndUp, Experts? gate, Experts? up, int ff) =>
        gateAndUp is null ? SwiGlu(h, chosen, gate!, up!) : SwiGlu(h, chosen, gateAndUp, ff);

    /// <summary>An expert for every token, weighted by its own gate (Qwen 2024): h [T, embd] -> [T, embd].</summary>
    public static Tensor GatedExpert(Tensor h, Linear weight, Linear gate, Linear up, Linear down) =>
        down.Of(Silu(gate.Of(h)) * up.Of(h)) * Sigmoid(weight.Of(h));
}
