using ArchGen.Graphs;
using ArchGen.Runtime.Execution;

namespace ArchGen.Runtime.Embeddings;

/// <summary>The part of a graph that leads to the hidden states after the last norm, [T, embd].</summary>
internal static class HiddenStates
{
    private const string LastNorm = "output_norm", Output = "output";

    /// <summary>The graph itself if it ends there, as an encoder's does; of a graph that computes logits, the part before them.</summary>
    /// <exception cref="ArchGenException">It does not end there, and has no node <c>output_norm</c> or <c>output</c>.</exception>
    public static Graph Of(Graph graph, int width)
    {
        // A last norm without a weight has no name of its own; what the output's matrix reads is its result.
        var end = graph.Nodes.LastOrDefault(n => n.Name == LastNorm)
            ?? graph.Nodes.LastOrDefault(n => n.Name == Output && n.Op == Op.Linear)?.Input(Slot.X);
        if (end is null)
        {
            if (graph.Output.Shape[^1].Evaluate(_ => 0) == width) return graph;
            throw new RequestException($"{graph.Name} has no node {LastNorm} or {Output}, before whose matrix rows would be embeddings.");
        }

        return end.Id == graph.Output.Id ? graph : GraphRewriter.Upto(graph, end);
    }
}
