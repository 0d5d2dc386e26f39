using ArchGen.Graphs;

namespace ArchGen.Runtime.Execution;

/// <summary>Parts of a graph as graphs of their own.</summary>
internal static class Subgraph
{
    /// <summary>What leads to a node, which becomes the result.</summary>
    public static Graph Upto(Graph graph, Node end)
    {
        var needed = new HashSet<Node>();
        var open = new Stack<Node>([end]);
        while (open.TryPop(out var node))
        {
            if (!needed.Add(node)) continue;
            foreach (var input in node.Inputs) if (input is not null) open.Push(input);
        }

        var builder = new GraphBuilder(graph.Name);
        var ids = new Dictionary<Node, int>();
        foreach (var node in graph.Nodes.Where(needed.Contains))
        {
            ids[node] = node.IsLeaf
                ? builder.Leaf(node.Op, node.Name, node.Shape)
                : builder.Add(node.Name, node.Op, [.. node.Inputs.Select(i => i is null ? -1 : ids[i])], node.Attributes, node.Source, node.Step);
        }

        return builder.Build(ids[end]);
    }
}
