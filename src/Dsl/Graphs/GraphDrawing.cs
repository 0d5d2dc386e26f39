namespace ArchGen.Graphs;

/// <summary>What all drawings of a graph show.</summary>
internal static class GraphDrawing
{
    /// <summary>The nodes by block, null standing for none, in the order in which the blocks begin.</summary>
    public static IEnumerable<(string? Block, IEnumerable<Node> Nodes)> Blocks(Graph graph) =>
        graph.Nodes.GroupBy(BlockName.Of).Select(group => (group.Key, (IEnumerable<Node>)group));

    /// <summary>From each operand to its user, with the operand's name if the operation has several.</summary>
    public static IEnumerable<(Node From, Node To, string? Operand)> Edges(Graph graph)
    {
        foreach (var node in graph.Nodes)
        {
            var spec = OpTable.Of(node.Op);
            for (var slot = 0; slot < node.Inputs.Count; slot++)
            {
                if (node.Inputs[slot] is { } input) yield return (input, node, spec.Operands.Count > 1 ? spec.OperandName(slot) : null);
            }
        }
    }

    /// <summary>The lines of a node's label: its name; its operation, unless that is the name, and its shape.</summary>
    public static string[] Label(Node node)
    {
        var word = OpTable.Of(node.Op).Word;
        return [node.Name, word == node.Name ? node.Shape.ToString() : $"{word} {node.Shape}"];
    }
}
