using ArchGen.Graphs;
using ArchGen.Runtime;

namespace ArchGen.Comparison;

/// <summary>
/// Compares a run with a dump. A dump of <c>archgen dump</c> has our names. One of llama.cpp has its own, and other nodes: a view or a fused part of ours is
/// not there, and a bias of theirs is a part of our product. So nodes are matched by what they hold: a node is right if the dump has its values, or if one
/// that is computed from it is right. The first node that is not right, and for which the dump has an entry of such an operation and size that no right node
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
        List<Entry> ours = [];
        foreach (var graph in found.Graphs.All)
        {
            foreach (var node in graph.Nodes)
            {
                if (found.Find(graph.Name, node.Name) is { } values) ours.Add(new Entry(node, found.DimsOf(node), NodeSummary.Of(values)));
            }
        }

        var nodes = dump.HasOwnNames ? ByName(ours, dump) : ByValue(ours, found.Graphs, dump, tolerance);
        return new ComparisonReport(Path.GetFileName(dump.FileName), found.Name, tolerance, nodes, ours.Count - nodes.Count);
    }

    private static List<NodeComparison> ByName(List<Entry> ours, NodeDump dump)
    {
        // An encoder's and a decoder's node may share a name: they are taken in order.
        var byName = dump.Nodes.GroupBy(n => n.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => new Queue<DumpedNode>(g), StringComparer.Ordinal);
        var nodes = new List<NodeComparison>();
        foreach (var entry in ours)
        {
            if (!byName.TryGetValue(entry.Node.Name, out var same) || !same.TryDequeue(out var reference)) continue;
            if (reference.Count != entry.Summary.Values.Length)
            {
                throw new ArchGenException($"{dump.FileName}: {reference.Name} has {reference.Count} elements, the model's [{string.Join(", ", entry.Dims)}]. "
                    + "Compare the same prompt on a model of the same size.");
            }

            nodes.Add(entry.Against(reference));
        }

        return nodes;
    }

    private static List<NodeComparison> ByValue(List<Entry> ours, ModelGraphs graphs, NodeDump dump, double tolerance)
    {
        var claimed = new bool[dump.Nodes.Count];
        var byCount = Enumerable.Range(0, dump.Nodes.Count).ToLookup(i => dump.Nodes[i].Count);
        var matches = new Dictionary<Node, int>();
        foreach (var entry in ours)
        {
            foreach (var i in byCount[entry.Summary.Values.Length])
            {
                if (entry.Summary.Compare(dump.Nodes[i], entry.Dims).Error > tolerance) continue;
                claimed[i] = true;
                matches.TryAdd(entry.Node, i);
            }
        }

        // The result is the last that is computed, even if an earlier entry has its values.
        var result = ours[^1].Node == graphs.Main.Output && dump.Nodes[^1].Count == ours[^1].Summary.Values.Length ? ours[^1] : null;
        if (result is not null && !claimed[^1]) matches.Remove(result.Node);
        ClaimParts(dump, claimed);
        var right = FindRight(ours, matches);
        var wrong = new Dictionary<Node, int>();
        foreach (var entry in ours)
        {
            if (!right.Contains(entry.Node) && Counterpart(entry, dump, claimed, matches) is { } i) wrong.Add(entry.Node, i);
        }

        if (result is not null && !matches.ContainsKey(result.Node)) wrong[result.Node] = dump.Nodes.Count - 1;

        // A sum of ours that the dump takes in another order is not there, and only seems wrong if what is computed from it is: what the dump has first is.
        var roots = wrong.Where(w => !DependsOnAny(w.Key, wrong)).ToList();
        if (graphs.Encoder is not null && roots.Any(IsEncoders)) roots.RemoveAll(root => !IsEncoders(root));
        var first = roots.Count == 0 ? null : roots.MinBy(w => w.Value).Key;
        var comparisons = new List<NodeComparison>();
        var isPast = false;
        foreach (var entry in ours)
        {
            isPast |= entry.Node == first;
            if (matches.TryGetValue(entry.Node, out var match)) comparisons.Add(entry.Against(dump.Nodes[match]));
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

    // What comes before a claimed entry that carries it on is a part of the same node of ours.
    private static void ClaimParts(NodeDump dump, bool[] claimed)
    {
        for (var i = dump.Nodes.Count - 1; i > 0; i--)
        {
            if (claimed[i] && GgmlOperations.Continues(dump.Nodes[i].Operation) && dump.Nodes[i - 1].Count == dump.Nodes[i].Count) claimed[i - 1] = true;
        }
    }

    /// <summary>The nodes with a match, and those from which one with a match is computed.</summary>
    private static HashSet<Node> FindRight(List<Entry> ours, Dictionary<Node, int> matches)
    {
        var right = new HashSet<Node>(matches.Keys);
        for (var i = ours.Count - 1; i >= 0; i--)
        {
            if (!right.Contains(ours[i].Node)) continue;
            foreach (var input in ours[i].Node.Inputs)
            {
                if (input is not null) right.Add(input);
            }
        }

        return right;
    }

    /// <summary>The first entry of such an operation and size that is computed after the node's operands and that no right node accounts for, with its bias and scale.</summary>
    private static int? Counterpart(Entry entry, NodeDump dump, bool[] claimed, Dictionary<Node, int> matches)
    {
        var operations = GgmlOperations.Of(entry.Node.Op);
        var begin = entry.Node.Inputs.Max(input => input is not null && matches.TryGetValue(input, out var match) ? match + 1 : 0);
        for (var i = begin; i < dump.Nodes.Count; i++)
        {
            if (claimed[i] || dump.Nodes[i].Count != entry.Summary.Values.Length || !operations.Contains(dump.Nodes[i].Operation)) continue;
            for (var parts = PartsOf(entry.Node); parts > 0 && i + 1 < dump.Nodes.Count; parts--)
            {
                if (claimed[i + 1] || dump.Nodes[i + 1].Count != dump.Nodes[i].Count || dump.Nodes[i + 1].Operation is not ("ADD" or "ADD_ID" or "MUL" or "CONT")) break;
                i++;
            }

            return i;
        }

        return null;
    }

    /// <summary>How many operations of a dump follow the first for the node's weight, bias and scale.</summary>
    private static int PartsOf(Node node) => node.Op switch
    {
        Op.RmsNorm or Op.LayerNorm => node.Inputs.Skip(1).Count(i => i is not null),
        Op.Linear => node.Inputs.Skip(2).Count(i => i is not null),
        Op.ExpertLinear => node.Inputs.Skip(3).Count(i => i is not null),
        Op.CausalConv => node.Inputs[2] is null ? 0 : 1,
        Op.Attention or Op.CrossAttention => 1,
        _ => 0,
    };

    private sealed record Entry(Node Node, int[] Dims, NodeSummary Summary)
    {
        public NodeComparison Against(DumpedNode reference)
        {
            var (error, worst) = Summary.Compare(reference, Dims);
            return new NodeComparison(Node, Dims, reference.Name, error, worst);
        }
    }
}
