using ArchGen.Dsl.Tests.Graphs;
using ArchGen.Graphs;

namespace ArchGen.Runtime.Tests.Execution.Cases;

/// <summary>A graph that is run by a backend and by the references.</summary>
/// <param name="Name">What it tests.</param>
/// <param name="Body">Makes the result from x [T, 24].</param>
internal sealed record OperationCase(string Name, Func<GraphBuilder, int, int> Body)
{
    /// <summary>The case on the rows of a table of 32 tokens.</summary>
    public Graph Build()
    {
        var b = new GraphBuilder(Name);
        var x = b.Add("embd", Op.GetRows, [b.Weight("table", 32, 24), b.Leaf(Op.Tokens, "tokens", new Shape(Dim.Tokens))], default);
        return b.Build(Body(b, x));
    }
}

/// <summary>The cases of all families: together they use every operation, in the shapes that models use it in and in awkward ones.</summary>
internal static class OperationCases
{
    public static readonly IReadOnlyList<OperationCase> All =
    [
        .. LinearCases.All, .. NormCases.All, .. ElementwiseCases.All, .. LayoutCases.All, .. SelectionCases.All, .. AttentionCases.All, .. RecurrentCases.All,
    ];

    private static readonly Dictionary<string, OperationCase> Named = All.ToDictionary(c => c.Name, StringComparer.Ordinal);

    /// <summary>The graph of a case.</summary>
    public static Graph Graph(string name) => Named[name].Build();

    public static int Heads(this GraphBuilder b, int x, int count) => b.Add("heads", Op.Heads, [x], new((Attr.Count, count)));

    public static int Slice(this GraphBuilder b, int x, int start, int length) =>
        b.Add("slice", Op.Slice, [x], new((Attr.Start, start), (Attr.Length, length)));
}
