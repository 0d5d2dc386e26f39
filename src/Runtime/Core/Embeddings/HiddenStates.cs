using ArchGen.Graphs;
using ArchGen.Runtime.Execution;

namespace ArchGen.Runtime.Embeddings;

/// <summary>The part of a graph that leads to the hidden states after the last norm, [T, embd].</summary>
internal static class HiddenStates
{
    private const string LastNorm = "output_norm";

    /// <summary>The graph itself if it ends there, as an encoder's does; of a graph that computes logits, the part before them.</summary>
    /// <exception cref="ArchGenException">It does not end there, and has no node <c>output_norm</c>.</exception>
    public static Graph Of(Graph graph, int width)
    {
        var end = graph.Nodes.LastOrDefault(n => n.Name == LastNorm);
        if (end is null)
        {
            if (graph.Output.Shape[^1].Evaluate(_ => 0) == width) return graph;
            throw new RequestException($"{graph.Name} has no node {LastNorm}, whose rows would be embeddings.");
        }

        return end.Id == graph.Output.Id ? graph : GraphRewriter.Upto(graph, end);
    }
}
