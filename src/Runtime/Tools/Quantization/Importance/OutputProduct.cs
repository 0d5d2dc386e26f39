using ArchGen.Graphs;

namespace ArchGen.Tools.Quantization.Importance;

/// <summary>The product that makes the logits.</summary>
internal static class OutputProduct
{
    /// <summary>The last product of a graph, if only operations on its result alone come after it; null for a graph of embeddings.</summary>
    public static Node? Find(Graph graph, int vocabulary)
    {
        var node = graph.Output;
        if (!node.Shape[^1].IsConstant(out var width) || width != vocabulary) return null;
        while (node.Op != Op.Linear)
        {
            var computed = node.Inputs.Where(i => i is { IsLeaf: false }).ToArray();
            if (computed.Length != 1) return null;
            node = computed[0]!;
        }

        return node;
    }
}
