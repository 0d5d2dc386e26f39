using ArchGen.Graphs;

namespace ArchGen.Runtime.Planning;

/// <summary>
/// Makes the last part of a graph run on the wanted outputs alone: whatever no other row depends on gets one row per output (O), and a
/// <see cref="Op.SelectOutputs"/> stands on every edge into that part.
/// </summary>
internal static class OutputSelection
{
    private static readonly Dim Outputs = Dim.Symbol("O");

    public static Graph Insert(Graph graph)
    {
        var neededByOthers = FindNodesOtherRowsNeed(graph);
        var nodes = new List<Node>();
        var replaced = new Dictionary<Node, Node>();
        var selected = new Dictionary<Node, Node>();
        foreach (var node in graph.Nodes)
        {
            var isRowwise = IsPerToken(node) && !node.IsLeaf && !neededByOthers[node.Id];
            var inputs = node.Inputs.Select(input =>
                input is null ? null : isRowwise && IsPerToken(input) && IsAllRows(input) ? Select(input) : replaced[input]).ToArray();
            var shape = isRowwise ? new Shape([Outputs, .. node.Shape.Skip(1)]) : node.Shape;
            nodes.Add(replaced[node] = new Node(nodes.Count, node.Name, node.Op, shape, inputs, node.Attributes) { Source = node.Source, Step = node.Step });
        }

        var output = IsPerToken(graph.Output) && IsAllRows(graph.Output) ? Select(graph.Output) : replaced[graph.Output];
        return new Graph(graph.Name, [.. nodes], output);

        bool IsAllRows(Node node) => node.IsLeaf || neededByOthers[node.Id];

        Node Select(Node node)
        {
            if (selected.TryGetValue(node, out var select)) return select;
            var shape = new Shape([Outputs, .. node.Shape.Skip(1)]);
            nodes.Add(select = selected[node] = new Node(nodes.Count, node.Name + " (outputs)", Op.SelectOutputs, shape, [replaced[node]], default));
            return select;
        }
    }

    // Operations that look at other tokens, or at what is known of a token by its place in the batch (its id, its position), and all that they are computed from.
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
