using ArchGen.Dsl.Tests.Graphs;
using ArchGen.Graphs;

namespace ArchGen.Runtime.Tests.Execution.Cases;

/// <summary>Choices among the elements of a row.</summary>
internal static class SelectionCases
{
    public static readonly OperationCase[] All =
    [
        new("softmax", (b, x) => b.Add("y", Op.Softmax, [b.Heads(x, 3)], default)),
        new("grouped experts", (b, x) =>
        {
            var scores = b.Add("scores", Op.Sigmoid, [b.Add("router", Op.Linear, [x, b.Weight("wr", 12, 24)], default)], default);
            var kept = b.Add("kept", Op.TopGroups, [scores], new((Attr.Groups, 4), (Attr.Count, 2), (Attr.Length, 2)));
            return b.Add("y", Op.Gather, [scores, b.Add("ids", Op.TopK, [kept], new((Attr.Count, 4)))], default);
        }),
        new("sparse mixer", (b, x) =>
        {
            var scores = b.Add("router", Op.Linear, [x, b.Weight("wr", 12, 24)], default);
            var ids = b.Add("ids", Op.TopK, [scores], new((Attr.Count, 3)));
            return b.Add("y", Op.SparseMixer, [scores, ids], new((Attr.Jitter, 0.2)));
        }),
    ];
}
