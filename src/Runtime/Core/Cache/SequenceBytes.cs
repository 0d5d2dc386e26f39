using ArchGen.Graphs;
using ArchGen.Runtime.Planning;

namespace ArchGen.Runtime.Cache;

/// <summary>The bytes that a graph keeps of its sequences.</summary>
internal static class SequenceBytes
{
    /// <summary>Bytes of one cell of the KV cache: keys and values of all layers.</summary>
    public static long OfCell(Graph graph, CacheType type)
    {
        var layers = new HashSet<int>();
        long bytes = 0;
        foreach (var node in graph.Nodes)
        {
            if (node.Op != Op.Attention || (AttentionMask)node.Attributes.Int32(Attr.Mask) == AttentionMask.Bidirectional) continue;
            // Layers may share a cache.
            if (!layers.Add(node.Attributes.Int32(Attr.Layer))) continue;
            bytes += OfRow(node.Input(Slot.Key), type);
            if (!Planner.IsBeginningOf(node.Input(Slot.Value), node.Input(Slot.Key))) bytes += OfRow(node.Input(Slot.Value), type);
        }

        return bytes;
    }

    /// <summary>Bytes of the recurrent states of one sequence.</summary>
    public static long OfStates(Graph graph)
    {
        var states = graph.Nodes.Where(node => node.Op == Op.State).DistinctBy(node => node.Name);
        return states.Sum(state => state.Shape.Elements.IsConstant(out var elements) ? elements * sizeof(float) : 0);
    }

    private static long OfRow(Node node, CacheType type) =>
        node.Shape[1].IsConstant(out var heads) && node.Shape.Last.IsConstant(out var width) ? heads * type.RowBytes((int)width) : 0;
}
