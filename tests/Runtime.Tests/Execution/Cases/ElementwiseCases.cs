using ArchGen.Dsl.Tests.Graphs;
using ArchGen.Dsl.Tests.Ops;
using ArchGen.Graphs;

namespace ArchGen.Runtime.Tests.Execution.Cases;

/// <summary>Functions of each element: those of one operand without numbers are found in the table.</summary>
internal static class ElementwiseCases
{
    public static readonly OperationCase[] All =
    [
        new("broadcasts", (b, x) =>
        {
            var heads = b.Add("m", Op.Multiply, [b.Heads(x, 3), b.Weight("per head", 3, 1)], default);
            heads = b.Add("a", Op.Add, [heads, b.Weight("per element", 3, 8)], default);
            var sums = b.Add("n", Op.Clamp, [b.Add("s", Op.Sum, [heads], default)], new((Attr.Min, 2), (Attr.Max, 9)));
            heads = b.Add("d", Op.Divide, [heads, sums], default);
            heads = b.Add("left", Op.Subtract, [b.Weight("one", 1), heads], default);
            return b.Add("y", Op.Multiply, [heads, b.Weight("last", 8)], default);
        }),
        new("constant", (b, x) =>
            b.Add("y", Op.Multiply, [x, b.Add("c", Op.Exp, [b.Add("c1", Op.Scale, [b.Weight("w", 24)], new((Attr.Factor, -0.5)))], default)], default)),
        new("affine", (b, x) => b.Add("y", Op.Affine, [x], new((Attr.Factor, -1), (Attr.Offset, 1)))),
        new("xielu", (b, x) => Xielu(b, x, 7)),
        new("xielu near zero", (b, x) => Xielu(b, x, 0.01)),
        .. OpTable.All.Where(spec => spec.IsUnary && spec.Attributes.Count == 0).Select(Unary),
    ];

    private static int Xielu(GraphBuilder b, int x, double size) => b.Add(
        "y", Op.Xielu, [b.Add("sized", Op.Scale, [x], new((Attr.Factor, size)))],
        new((Attr.AlphaPositive, 0.9), (Attr.AlphaNegative, 1.3), (Attr.Beta, 0.4), (Attr.Epsilon, -1e-6)));

    /// <summary>A function of one operand on both signs, or, where it is not defined below zero, on squares.</summary>
    private static OperationCase Unary(OpSpec spec) => new(spec.Op.ToString(), (b, x) =>
    {
        var isOfAll = !float.IsNaN(OpRun.Of(spec.Op, default, OpRun.Tensor([1, 1], -1)).Values[0]);
        var wide = b.Add("wide", Op.Scale, [isOfAll ? x : b.Add("squares", Op.ReluSquared, [x], default)], new((Attr.Factor, 7)));
        return b.Add("y", spec.Op, [wide], default);
    });
}
