namespace ArchGen.Eager;

/// <summary>
/// The reference of every operation, in f32 with sums in double precision: eager evaluation runs it, and every backend is tested against it. The
/// references of a family are in the folder of its shape rules.
/// </summary>
internal static class Reference
{
    private static readonly Dictionary<Op, ReferenceRule> Rules = new[]
    {
        LinearReference.Rules, NormReference.Rules, ElementwiseReference.Rules, LayoutReference.Rules,
        SelectionReference.Rules, AttentionReference.Rules, RecurrentReference.Rules,
    }.SelectMany(family => family).ToDictionary(rule => rule.Op, rule => rule.Rule);

    /// <summary>Computes one operation for one sequence from its beginning, all tokens in one batch.</summary>
    /// <param name="op">The operation, not a leaf.</param>
    /// <param name="attributes">Its numbers.</param>
    /// <param name="inputs">Its operands by slot, null where an optional one is absent.</param>
    /// <param name="outputDims">The shape of the result, as the shape rule gives it.</param>
    /// <param name="positions">The position of each token: row t of an operand is at <c>positions[t]</c>.</param>
    /// <exception cref="ArchGenException">An index is beyond the rows of a table.</exception>
    public static Operand Run(Op op, Attributes attributes, IReadOnlyList<Operand?> inputs, int[] outputDims, IReadOnlyList<int> positions)
    {
        var spec = OpTable.Of(op);
        if (!Rules.TryGetValue(op, out var rule)) throw new InvalidOperationException($"{spec.Word} is a leaf: it is given, not computed.");
        return rule(new ReferenceCall(spec, attributes, inputs, outputDims, positions));
    }
}
