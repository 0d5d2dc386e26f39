using ArchGen.Dsl.Tests.Graphs;
using ArchGen.Graphs;

namespace ArchGen.Runtime.Tests.Execution.Cases;

/// <summary>What moves elements.</summary>
internal static class LayoutCases
{
    public static readonly OperationCase[] All =
    [
        new("heads of a slice flattened", (b, x) => b.Add("y", Op.Flatten, [b.Slice(b.Heads(x, 3), 1, 6)], default)),
        new("concat", (b, x) => b.Add("y", Op.Concat, [b.Slice(b.Heads(x, 3), 0, 3), b.Slice(b.Heads(x, 3), 5, 2)], default)),
        new("repeated heads", (b, x) =>
            b.Add("y", Op.Concat, [b.Heads(x, 3), b.Add("r", Op.RepeatHeads, [b.Heads(b.Slice(x, 3, 7), 1)], new((Attr.Count, 3)))], default)),
    ];
}
