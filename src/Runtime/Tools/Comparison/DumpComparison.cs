using ArchGen.Graphs;
using ArchGen.Runtime.Execution;

namespace ArchGen.Tools.Comparison;

/// <summary>
/// Compares a run with a dump. A dump of <c>archgen dump</c> has our names. One of llama.cpp has its own, and other nodes: a view or a fused part of ours is
/// missing, and a bias of theirs is a part of our product. So nodes are matched by their values: a node is right if the dump has its values, or if one
/// that is computed from it is right. The first node that is not right, and for which the dump has an entry of its operation and size that no right node
/// accounts for, is the first that diverges; others are skipped.
/// </summary>
public static class DumpComparison
{
    /// <summary>Walks the nodes of a run in graph order.</summary>
    /// <param name="found">The run.</param>
    /// <param name="dump">The dump of the same prompt.</param>
    /// <param name="tolerance">The largest squared relative difference that counts as agreement.</param>
    public static ComparisonReport Compare(Trace found, NodeDump dump, double tolerance)
    {
        ArgumentNullException.ThrowIfNull(found);
        ArgumentNullException.ThrowIfNull(dump);
        List<ComputedNode> ours = [];
        foreach (var graph in found.Graphs.All)
        {
            foreach (var node in graph.Nodes)
            {
                if (found.Find(graph.Name, node.Name) is { } values) ours.Add(new ComputedNode(node, found.DimsOf(node), NodeSummary.Of(values)));
            }
        }

        var nodes = dump.HasOwnNames ? ByName(ours, dump) : ByValue(ours, found.Graphs, dump, tolerance);
        return new ComparisonReport(Path.GetFileName(dump.FileName), found.Name, tolerance, nodes, ours.Count - nodes.Count);
    }

    private static List<NodeComparison> ByName(List<ComputedNode> ours, NodeDump dump)
    {
        // An encoder's and a decoder's node may share a name: they are taken in order.
        var byName = dump.Nodes.GroupBy(n => n.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => new Queue<DumpedNode>(g), StringComparer.Ordinal);
        var nodes = new List<NodeComparison>();
        foreach (var entry in ours)
        {
            if (!byName.TryGetValue(entry.Node.Name, out var same) || !same.TryDequeue(out var reference)) continue;
            if (reference.Count != entry.Count)
            {
                throw new ModelFileException($"{dump.FileName}: {reference.Name} has {reference.Count} elements, the model's "
                    + $"[{string.Join(", ", entry.Dims)}]. "
                    + "Compare the same prompt on a model of the same size.");
            }

            nodes.Add(entry.Against(reference));
        }

        return nodes;
    }

    private static List<NodeComparison> ByValue(List<ComputedNode> ours, ModelGraphs graphs, NodeDump dump, double tolerance)
    {
        var matching = new DumpMatching(ours, dump, tolerance, graphs.Main.Output);
        var wrong = matching.FindWrong();

        // A sum of ours that the dump takes in another order is not there, and only seems wrong if what is computed from it is: what the dump has first is.
        var roots = wrong.Where(w => !DependsOnAny(w.Key, wrong)).ToList();
        if (graphs.Encoder is not null && roots.Any(IsEncoders)) roots.RemoveAll(root => !IsEncoders(root));
        var first = roots.Count == 0 ? null : roots.MinBy(w => w.Value).Key;
        var comparisons = new List<NodeComparison>();
        var isPast = false;
        foreach (var entry in ours)
        {
            isPast |= entry.Node == first;
            if (matching.Find(entry.Node) is { } match) comparisons.Add(entry.Against(dump.Nodes[match]));
            else if (isPast && wrong.TryGetValue(entry.Node, out var counterpart)) comparisons.Add(entry.Against(dump.Nodes[counterpart]));
        }

        return comparisons;

        bool IsEncoders(KeyValuePair<Node, int> root) => graphs.Encoder!.Nodes.Contains(root.Key);
    }

    private static bool DependsOnAny(Node node, Dictionary<Node, int> others)
    {
        var seen = new HashSet<Node>();
        var pending = new Stack<Node>(node.Inputs.OfType<Node>());
        while (pending.TryPop(out var next))
        {
            if (others.ContainsKey(next)) return true;
            if (!seen.Add(next)) continue;
            foreach (var input in next.Inputs.OfType<Node>()) pending.Push(input);
        }

        return false;
    }
}
