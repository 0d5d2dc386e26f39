using ArchGen.Graphs;

namespace ArchGen.Tools.Conversion;

/// <summary>
/// Finds the tensors that make the rows that a model rotates: follows each rotation of its graph back to the matrices, biases and norms before it.
/// The order of rows within a head follows from this and from the two kinds of rotation; no declaration states it.
/// </summary>
internal static class RotatedTensors
{
    /// <summary>For each tensor of the file, the elements of a head, the number of them that are rotated, and the kind of rotation.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="usual">The kind of the architecture, for a model that does not rotate.</param>
    public static IReadOnlyDictionary<string, (int HeadSize, int Rotated, RopeKind Kind)> Of(Graph graph, RopeKind usual)
    {
        var tensors = new Dictionary<string, (int, int, RopeKind)>(StringComparer.Ordinal);
        foreach (var rope in graph.Nodes.Where(n => n.Op == Op.Rope))
        {
            var rotated = rope.Attributes.Int32(Attr.Dims);
            var size = (int)(rope.Shape[^1].Evaluate(_ => 0) ?? 0);
            Follow(rope.Input(Slot.X), node => tensors[node.Name] = (size, rotated, (RopeKind)rope.Attributes.Int32(Attr.Kind)));
        }

        // A model without rotation, of an architecture that has it, has its rows in the same order as the others: it cancels in the scores.
        if (tensors.Count == 0)
        {
            foreach (var operand in graph.Nodes.Where(n => n.Op == Op.Attention).SelectMany(n => new[] { n.Input(Slot.Query), n.Input(Slot.Key) }))
            {
                var size = (int)(operand.Shape[^1].Evaluate(_ => 0) ?? 0);
                Follow(operand, node => tensors[node.Name] = (size, size, usual));
            }
        }

        return tensors;
    }

    private static void Follow(Node node, Action<Node> found)
    {
        switch (node.Op)
        {
            case Op.Weight:
                found(node);
                break;
            case Op.Linear:
                // Only the operands that have the output's rows; the input's features are not rotated.
                foreach (var operand in new[] { node.Input(Slot.Weight), node.Find(Slot.Bias) })
                {
                    if (operand?.Op == Op.Weight) found(operand);
                }

                break;
            case Op.Heads or Op.Scale or Op.Affine or Op.Clamp or Op.Add or Op.Multiply or Op.RmsNorm or Op.LayerNorm:
                foreach (var operand in node.Inputs.OfType<Node>()) Follow(operand, found);
                break;
        }
    }
}
