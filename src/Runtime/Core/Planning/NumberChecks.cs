using ArchGen.Graphs;

namespace ArchGen.Runtime.Planning;

/// <summary>
/// Checks the attributes of a node against its shapes. They come from the hyper-parameters of a file, and kernels trust them: a wrong one would let them read
/// or write beyond a value. The checks of the shape rules are not repeated.
/// </summary>
internal static class NumberChecks
{
    // Blocks of keys and values, and scores of groups, are on the stack of the thread that computes them.
    private const int MaxAttentionWidth = 8192;
    private const int MaxGroupedExperts = 1 << 16;
    private const int MaxBucketDistance = 1 << 20;

    /// <summary>Demands that a node's numbers fit its shapes.</summary>
    /// <exception cref="GraphException">They do not.</exception>
    public static void Check(Node node)
    {
        if (node.Op == Op.TopGroups) Demand(node, Last(node, Slot.X) <= MaxGroupedExperts && Number(node, Attr.Length) > 0);
        // Ids of rows are those of a batch, which are checked when it is evaluated.
        if (node.Find(Slot.Ids) is { } ids && node.Find(Slot.X) is not null) Demand(node, IdsAreBelow(ids, Last(node, Slot.X)));
        if (node.Find(Slot.Experts) is { } used) Demand(node, node.Input(Slot.Weight).Shape[0].IsConstant(out var experts) && IdsAreBelow(used, experts));
        if (node.Spec.Family == OpFamily.Attention && node.Find(Slot.Key) is not null) CheckAttention(node);
    }

    private static void CheckAttention(Node node)
    {
        Demand(node, Last(node, Slot.Key) + Last(node, Slot.Value) <= MaxAttentionWidth);
        if (node.Find(Slot.Bias) is null) return;
        var exactBuckets = Dimension(node, Slot.Bias, 0) / (Number(node, Attr.Mask) == (int)AttentionMask.Bidirectional ? 4 : 2);
        var maxDistance = Number(node, Attr.BucketsMaxDistance);
        Demand(node, exactBuckets > 0 && maxDistance > exactBuckets && maxDistance <= MaxBucketDistance);
    }

    // Indices are the results of a choice among that many elements.
    private static bool IdsAreBelow(Node ids, long limit) => ids.Op == Op.TopK && Last(ids, Slot.X) <= limit;

    private static int Number(Node node, Attr attribute) => node.Attributes.Int32(attribute);

    private static long Last(Node node, Slot slot) => Dimension(node, slot, node.Input(slot).Shape.Rank - 1);

    private static long Dimension(Node node, Slot slot, int dimension) => node.Input(slot).Shape[dimension].IsConstant(out var size) ? size : 0;

    private static void Demand(Node node, bool condition)
    {
        if (condition) return;
        throw new GraphException($"{node.Name}: the numbers of {node.Op} {node.Attributes} do not fit its operands "
            + $"{string.Join(", ", node.Inputs.Where(i => i is not null).Select(i => i!.Shape))}. Check the hyper-parameters they are computed from.");
    }
}
