using ArchGen.Graphs;

namespace ArchGen.Tools.Mutations;

/// <summary>
/// What can be wrong at one node, by its operation. An operation that takes numbers, optional operands or operands of one shape has a mutation for each.
/// </summary>
internal static class NodeMutations
{
    public static IEnumerable<Mutation> Of(Graph graph, Node node)
    {
        foreach (var (name, rule) in Rules(graph, node)) yield return new Mutation(name, graph, new() { [node] = rule });
        foreach (var (name, other) in Swaps(graph, node))
        {
            yield return new Mutation(name, graph, new() { [node] = InPlaceOf(node, other), [other] = InPlaceOf(other, node) });
        }

        if (Memory.IsKept(node)) yield return new Mutation(node.Op == Op.Attention ? "KV cache not carried" : "state not carried", graph, new() { [node] = r => r.Copy(node) }, forgets: true);
    }

    private static IEnumerable<(string Name, NodeRule Rule)> Rules(Graph graph, Node node) => node.Op switch
    {
        Op.Linear or Op.ExpertLinear => LinearMutations.Of(node),
        Op.RmsNorm or Op.LayerNorm or Op.L2Norm => NormMutations.Of(node),
        Op.Rope or Op.Temperature or Op.Attention or Op.CrossAttention => AttentionMutations.Of(node),
        Op.Softmax or Op.TopK or Op.TopGroups or Op.Gather or Op.SparseMixer or Op.WeightedSum => SelectionMutations.Of(node),
        Op.Concat => [("concatenation reversed", r => r.Make(node, Op.Concat, [r.Of(node.Inputs[1]!), r.Of(node.Inputs[0]!)], default))],
        _ when node.Inputs.Any(input => input?.Op == Op.State) => RecurrentMutations.Of(node),
        _ => ElementwiseMutations.Of(node),
    };

    /// <summary>Nodes that are easily taken for each other: of one operation and shape on the same operand, such as gate and up, or the parts of a split.</summary>
    private static IEnumerable<(string Name, Node Other)> Swaps(Graph graph, Node node)
    {
        if (node.Op is not (Op.Linear or Op.ExpertLinear or Op.Slice)) yield break;
        var other = graph.Nodes.Skip(node.Id + 1).FirstOrDefault(n => n.Op == node.Op && n.Inputs[0] == node.Inputs[0] && n.Shape.Equals(node.Shape) && BlockName.Of(n) == BlockName.Of(node) && HasSameParts(n, node));
        if (other is null) yield break;
        yield return (node.Op == Op.Slice ? "parts swapped" : MeetInProduct(graph, node, other) ? "gate and up swapped" : "projections swapped", other);
    }

    private static bool HasSameParts(Node a, Node b) => a.Inputs.Zip(b.Inputs).All(pair => pair.First is null == pair.Second is null && (pair.First is null || pair.First.Shape.Equals(pair.Second!.Shape)));

    private static bool MeetInProduct(Graph graph, Node a, Node b) => graph.Nodes.Any(n => n.Op == Op.Multiply && n.Inputs.Any(i => Reads(i!, a)) && n.Inputs.Any(i => Reads(i!, b)));

    /// <summary>Whether a node is another, or an element-wise function of it and of weights.</summary>
    private static bool Reads(Node node, Node source) => node == source || (IsElementwise(node) && Reads(node.Inputs[0]!, source));

    private static bool IsElementwise(Node node) => ElementwiseMutations.IsUnary(node.Op) || (node.Op is Op.Add or Op.Multiply && node.Inputs[1]!.Op == Op.Weight);

    /// <summary>The node computes what another should: the other's weights and numbers, on its own operand.</summary>
    private static NodeRule InPlaceOf(Node node, Node other) => r => r.Make(node, node.Op, [r.Of(node.Inputs[0]!), .. r.Operands(other).Skip(1)], other.Attributes);
}
