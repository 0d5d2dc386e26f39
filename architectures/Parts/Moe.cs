namespace ArchGen.Architectures;

/// <summary>The gated half of each expert; the generator inlines these functions into forward passes.</summary>
public abstract class Moe : OpVocabulary
{
    /// <summary>The gated half of SwiGLU (arXiv:2002.05202) in each chosen expert: h [T, embd] -> [T, count, ff].</summary>
    public static Tensor SwiGlu(Tensor h, Tensor chosen, Experts gate, Experts up) => Silu(gate.Of(h, chosen)) * up.Of(h, chosen);

    /// <summary>The same where gate and up are one matrix of 2*ff rows.</summary>
    public static Tensor SwiGlu(Tensor h, Tensor chosen, Experts gateAndUp, int ff)
    {
        var (gate, up) = gateAndUp.Of(h, chosen).Split(ff, ff);
        return Silu(gate) * up;
    }

    /// <summary>With gate and up as one matrix or as two, as in the file.</summary>
    public static Tensor SwiGlu(Tensor h, Tensor chosen, Experts? gateAndUp, Experts gate, Experts up, int ff) =>
        gateAndUp is null ? SwiGlu(h, chosen, gate, up) : SwiGlu(h, chosen, gateAndUp, ff);
}
