using ArchGen.Graphs;
using ArchGen.Tools.Recipes;

namespace ArchGen.Tools.Comparison;

/// <summary>Compares two runs node by node, by the nodes' names.</summary>
public static class TraceComparison
{
    /// <summary>Walks the nodes of a run in graph order.</summary>
    /// <param name="found">The run.</param>
    /// <param name="expected">The reference: another run of the same prompt.</param>
    /// <param name="tolerance">The largest NMSE that counts as agreement.</param>
    /// <exception cref="ArchGenException">The reference is a model of other sizes.</exception>
    public static ComparisonReport Compare(Trace found, Trace expected, double tolerance)
    {
        ArgumentNullException.ThrowIfNull(found);
        ArgumentNullException.ThrowIfNull(expected);
        var nodes = new List<NodeComparison>();
        var skipped = 0;
        foreach (var graph in found.Graphs.All)
        {
            foreach (var node in graph.Nodes)
            {
                if (found.Find(graph.Name, node.Name) is not { } values) continue;
                if (Counterpart(expected, graph, node) is { } reference) nodes.Add(Compare(found, node, values, reference, node.Name));
                else skipped++;
            }
        }

        return new ComparisonReport(expected.Name, found.Name, tolerance, nodes, skipped);
    }

    /// <summary>The values of the node of this name; for the result of a graph, that of the reference, whatever its name.</summary>
    private static float[]? Counterpart(Trace expected, Graph graph, Node node)
    {
        var same = expected.Find(graph.Name, node.Name);
        if (same is not null || node != graph.Output) return same;
        return expected.Graphs.All.FirstOrDefault(g => g.Name == graph.Name) is { } other ? expected.Find(other.Name, other.Output.Name) : null;
    }

    /// <summary>One node against a reference's values for it.</summary>
    internal static NodeComparison Compare(Trace found, Node node, float[] values, float[] reference, string counterpart)
    {
        var dims = found.DimsOf(node);
        if (values.Length != reference.Length)
        {
            throw new ModelFileException($"{node.Name}: the model has {values.Length} values [{string.Join(", ", dims)}], "
                + $"{counterpart} of the reference has {reference.Length}. Compare models of one architecture and size, for the same prompt.");
        }

        var error = NormalizedError.Of(reference, values);
        return new NodeComparison(node, dims, counterpart, error, error == 0 ? null : Worst(dims, values, reference));
    }

    private static Difference Worst(int[] dims, float[] values, float[] reference)
    {
        var (worst, largest) = (0, double.NegativeInfinity);
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] == reference[i]) continue;
            var difference = Math.Abs((double)values[i] - reference[i]);
            if (double.IsNaN(difference)) difference = double.PositiveInfinity;
            if (difference > largest) (worst, largest) = (i, difference);
        }

        return new Difference(Index(dims, worst), values[worst], reference[worst]);
    }

    /// <summary>The index of an element in row-major order: <c>[3, 17]</c>.</summary>
    internal static string Index(IReadOnlyList<int> dims, int element)
    {
        var index = new int[dims.Count];
        for (var i = dims.Count - 1; i >= 0; i--) (index[i], element) = (element % dims[i], element / dims[i]);
        return $"[{string.Join(", ", index)}]";
    }
}
