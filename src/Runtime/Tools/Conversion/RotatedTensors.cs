using ArchGen.Graphs;

namespace ArchGen.Tools.Conversion;

/// <summary>
/// Which tensors make the rows that a model rotates: found by following each rotation of its graph back to the matrices, biases and norms before it.
/// The order of rows within a head that a checkpoint needs follows from this and from the two kinds of rotation, and is stated nowhere.
/// </summary>
internal static class RotatedTensors
{
    /// <summary>For each tensor of the file, the size of its heads and how much of each is rotated.</summary>
    public static IReadOnlyDictionary<string, (int HeadSize, int Rotated)> Of(Graph graph)
    {
        var tensors = new Dictionary<string, (int, int)>(StringComparer.Ordinal);
        foreach (var rope in graph.Nodes.Where(n => n.Op == Op.Rope))
        {
            var rotated = rope.Attributes.Int32(Attr.Dims);
            var size = (int)(rope.Shape[^1].Evaluate(_ => 0) ?? 0);
            Follow(rope.Input(Slot.X), node => tensors[node.Name] = (size, rotated));
        }

        // A model that does not rotate, of an architecture that does, has its rows as the others have them: it cancels in the scores.
        if (tensors.Count == 0)
        {
            foreach (var operand in graph.Nodes.Where(n => n.Op == Op.Attention).SelectMany(n => new[] { n.Input(Slot.Query), n.Input(Slot.Key) }))
            {
                var size = (int)(operand.Shape[^1].Evaluate(_ => 0) ?? 0);
                Follow(operand, node => tensors[node.Name] = (size, size));
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
                // Only what has the output's rows; the input's features are not rotated.
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
