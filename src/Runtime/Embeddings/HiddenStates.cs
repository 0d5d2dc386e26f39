using ArchGen.Graphs;

namespace ArchGen.Embeddings;

/// <summary>The part of a graph that leads to the hidden states after the last norm, [T, embd].</summary>
internal static class HiddenStates
{
    private const string LastNorm = "output_norm";

    /// <summary>The graph itself if it ends there, as an encoder's does; of a graph that goes on to logits, what comes before.</summary>
    /// <exception cref="ArchGenException">It goes on, and has no node <c>output_norm</c>.</exception>
    public static Graph Of(Graph graph, int width)
    {
        var end = graph.Nodes.LastOrDefault(n => n.Name == LastNorm);
        if (end is null)
        {
            if (graph.Output.Shape[^1].Evaluate(_ => 0) == width) return graph;
            throw new ArchGenException($"{graph.Name} has no node {LastNorm}, whose rows would be embeddings.");
        }

        return end.Id == graph.Output.Id ? graph : Upto(graph, end);
    }

    private static Graph Upto(Graph graph, Node end)
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
