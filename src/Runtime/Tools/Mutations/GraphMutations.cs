using ArchGen.Graphs;

namespace ArchGen.Tools.Mutations;

/// <summary>
/// The mutations at one node of a graph: those that its operation declares (<see cref="MutationTable"/>), a swap with another node, and a lost cache or state.
/// </summary>
internal static class GraphMutations
{
    public static IEnumerable<Mutation> Of(Graph graph, Node node)
    {
        foreach (var (name, rule) in MutationTable.Of(node)) yield return new Mutation(name, graph, new() { [node] = rule });
        foreach (var (name, other) in Swaps(graph, node))
        {
            yield return new Mutation(name, graph, new() { [node] = InPlaceOf(node, other), [other] = InPlaceOf(other, node) });
        }

        if (!Memory.IsKept(node)) yield break;
        var lost = node.Op == Op.Attention ? "KV cache not carried" : "state not carried";
        yield return new Mutation(lost, graph, new() { [node] = r => r.Copy(node) }, dropsState: true);
    }

    /// <summary>
    /// Nodes that are easily confused: of one operation and shape on the same operand, such as gate and up, or the parts of a split.
    /// </summary>
    private static IEnumerable<(string Name, Node Other)> Swaps(Graph graph, Node node)
    {
        if (node.Op is not (Op.Linear or Op.ExpertLinear or Op.Slice)) yield break;
        var other = graph.Nodes.Skip(node.Id + 1).FirstOrDefault(n => n.Op == node.Op && n.Input(Slot.X) == node.Input(Slot.X) && n.Shape.Equals(node.Shape)
            && BlockName.Of(n) == BlockName.Of(node) && HasSameParts(n, node));
        if (other is null) yield break;
        yield return (node.Op == Op.Slice ? "parts swapped" : MeetInProduct(graph, node, other) ? "gate and up swapped" : "projections swapped", other);
    }

    private static bool HasSameParts(Node a, Node b) => a.Inputs.Zip(b.Inputs).All(pair =>
        pair.First is null == pair.Second is null && (pair.First is null || pair.First.Shape.Equals(pair.Second!.Shape)));

    private static bool MeetInProduct(Graph graph, Node a, Node b) =>
        graph.Nodes.Any(n => n.Op == Op.Multiply && n.Inputs.Any(i => Reads(i!, a)) && n.Inputs.Any(i => Reads(i!, b)));

    /// <summary>Whether a node is another, or an element-wise function of it and of weights.</summary>
    private static bool Reads(Node node, Node source) => node == source || (IsElementwise(node) && Reads(node.Find(Slot.X) ?? node.Input(Slot.A), source));

    private static bool IsElementwise(Node node) => node.Spec.IsUnary || (node.Op is Op.Add or Op.Multiply && node.Input(Slot.B).Op == Op.Weight);

    /// <summary>The node computes what another should: the other's weights and numbers, on its own operand.</summary>
    private static NodeMutation InPlaceOf(Node node, Node other) =>
        r => r.Make(node, node.Op, [r.Of(node.Input(Slot.X)), .. r.Operands(other).Skip(1)], other.Attributes);
}
