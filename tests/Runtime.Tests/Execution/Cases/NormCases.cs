using ArchGen.Dsl.Tests.Graphs;
using ArchGen.Graphs;

namespace ArchGen.Runtime.Tests.Execution.Cases;

/// <summary>Normalizations.</summary>
internal static class NormCases
{
    public static readonly OperationCase[] All =
    [
        new("rms norm", (b, x) => b.Add("y", Op.RmsNorm, [x, b.Weight("w", 24)], new((Attr.Epsilon, 1e-3)))),
        new("grouped norm", (b, x) => b.Add("y", Op.RmsNorm, [b.Heads(x, 3), b.Weight("w", 3, 8)], new((Attr.Epsilon, 1e-3)))),
        new("layer norm", (b, x) => b.Add("y", Op.LayerNorm, [x, b.Weight("w", 24), b.Weight("b", 24)], new((Attr.Epsilon, 1e-3)))),
        new("rms norm without a weight", (b, x) => b.Add("y", Op.RmsNorm, [x, -1], new((Attr.Epsilon, 1e-3)))),
        new("rms norm of heads, without a weight", (b, x) => b.Add("y", Op.RmsNorm, [b.Heads(x, 3), -1], new((Attr.Epsilon, 1e-3)))),
        new("layer norm without a weight", (b, x) => b.Add("y", Op.LayerNorm, [x, -1, -1], new((Attr.Epsilon, 1e-3)))),
        new("l2 norm", (b, x) => b.Add("y", Op.L2Norm, [b.Heads(x, 3)], new((Attr.Epsilon, 1e-3)))),
    ];
}
