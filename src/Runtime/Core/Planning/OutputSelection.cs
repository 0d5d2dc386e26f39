using ArchGen.Graphs;

namespace ArchGen.Runtime.Planning;

/// <summary>
/// Makes the last part of a graph run only on the requested outputs: nodes on which no other row depends have one row per output (O), and a
/// <see cref="Op.SelectOutputs"/> is on every edge into that part.
/// </summary>
internal static class OutputSelection
{
    public static Graph Insert(Graph graph)
    {
        var neededByOthers = FindNodesOtherRowsNeed(graph);
        var selected = new Dictionary<Node, int>();
        return GraphRewriter.Apply(
            graph,
            (r, node) => IsSelected(node) ? r.Copy(node, [.. node.Inputs.Select(input => input is null ? -1 : Select(r, input))]) : null,
            r => Select(r, graph.Output));

        bool IsSelected(Node node) => IsPerToken(node) && !node.IsLeaf && !neededByOthers[node.Id];

        // A value of all rows is reduced to those of the outputs; any other value is unchanged.
        int Select(GraphRewriter r, Node node)
        {
            if (!IsPerToken(node) || IsSelected(node)) return r.Of(node);
            if (!selected.TryGetValue(node, out var id)) id = selected[node] = r.Insert(node, "outputs", Op.SelectOutputs, [r.Of(node)], default);
            return id;
        }
    }

    // Operations that read other tokens, or facts of a token by its index in the batch (its id, its position), and all nodes that they are computed from.
    private static bool[] FindNodesOtherRowsNeed(Graph graph)
    {
        var needed = new bool[graph.Nodes.Count];
        for (var i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            var node = graph.Nodes[i];
            needed[i] |= node.Spec.Rows != RowDependence.Own || node.Inputs.Any(input => input is { IsLeaf: true } && IsPerToken(input));
            if (!needed[i]) continue;
            foreach (var input in node.Inputs)
            {
                if (input is not null) needed[input.Id] = true;
            }
        }

        return needed;
    }

    private static bool IsPerToken(Node node) => node.Shape.Rank > 0 && node.Shape[0].Equals(Dim.Tokens);
}
