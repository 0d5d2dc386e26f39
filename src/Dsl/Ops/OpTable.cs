using System;
using System.Collections.Generic;
using System.Linq;

namespace ArchGen;

/// <summary>The specification of every operation.</summary>
public static class OpTable
{
    private static readonly Dictionary<Op, OpSpec> Specs = new[]
    {
        LeafShapes.Specs, LinearShapes.Specs, NormShapes.Specs, ElementwiseShapes.Specs,
        LayoutShapes.Specs, SelectionShapes.Specs, AttentionShapes.Specs, RecurrentShapes.Specs,
    }.SelectMany(family => family).ToDictionary(spec => spec.Op);

    private static readonly Dictionary<string, OpSpec> ByWord = Specs.Values.ToDictionary(spec => spec.Word, StringComparer.Ordinal);

    /// <summary>All specifications, in the order of <see cref="Op"/>.</summary>
    public static IEnumerable<OpSpec> All => Specs.Values.OrderBy(spec => spec.Op);

    /// <summary>The specification of an operation.</summary>
    public static OpSpec Of(Op op) => Specs[op];

    /// <summary>The operation with a name of graph listings, or null.</summary>
    public static OpSpec? Named(string word)
    {
        if (word is null) throw new ArgumentNullException(nameof(word));
        return ByWord.TryGetValue(word, out var spec) ? spec : null;
    }

    /// <summary>The shape of the result.</summary>
    /// <exception cref="ShapeException">The operands do not fit.</exception>
    public static Shape Infer(Op op, IReadOnlyList<Shape?> operands, Func<Attr, Dim?> attribute)
    {
        var spec = Of(op);
        var rule = spec.ShapeRule ?? throw new InvalidOperationException($"{spec.Word} is a leaf: its shape is given, not inferred.");
        return rule(new OpCall(spec, operands, attribute));
    }
}
