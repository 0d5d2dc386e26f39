using ArchGen.Graphs;

namespace ArchGen.Planning;

/// <summary>
/// The numbers of a node against its shapes. They come from the hyper-parameters of a file, and kernels trust them: a wrong one would let them read
/// or write beyond a value. What the shape rules decide is not repeated.
/// </summary>
internal static class NumberChecks
{
    // Blocks of keys and values, and scores of groups, lie on the stack of the thread that computes them.
    private const int MaxAttentionWidth = 8192;
    private const int MaxGroupedExperts = 1 << 16;
    private const int MaxBucketDistance = 1 << 20;

    /// <summary>Demands that a node's numbers fit its shapes.</summary>
    /// <exception cref="ArchGenException">They do not.</exception>
    public static void Check(Node node)
    {
        switch (node.Op)
        {
            case Op.TopGroups:
                Demand(node, Last(node, 0) <= MaxGroupedExperts && Number(node, Attr.Length) > 0);
                break;
            case Op.Gather or Op.SparseMixer:
                Demand(node, IdsAreBelow(node.Inputs[1]!, Last(node, 0)));
                break;
            case Op.ExpertLinear:
                Demand(node, node.Inputs[1]!.Shape[0].IsConstant(out var experts) && IdsAreBelow(node.Inputs[2]!, experts));
                break;
            case Op.Attention or Op.CrossAttention:
                CheckAttention(node);
                break;
        }
    }

    private static void CheckAttention(Node node)
    {
        Demand(node, Last(node, 1) + Last(node, 2) <= MaxAttentionWidth);
        if (node.Op == Op.CrossAttention || node.Inputs.Count <= 3 || node.Inputs[3] is null) return;
        var exactBuckets = Dimension(node, 3, 0) / (Number(node, Attr.Mask) == (int)AttentionMask.Bidirectional ? 4 : 2);
        var maxDistance = Number(node, Attr.BucketsMaxDistance);
        Demand(node, exactBuckets > 0 && maxDistance > exactBuckets && maxDistance <= MaxBucketDistance);
    }

    // Indices are those that a choice among so many elements makes.
    private static bool IdsAreBelow(Node ids, long limit) => ids.Op == Op.TopK && Last(ids, 0) <= limit;

    private static int Number(Node node, Attr attribute) => node.Attributes.Int32(attribute);

    private static long Last(Node node, int operand) => Dimension(node, operand, node.Inputs[operand]!.Shape.Rank - 1);

    private static long Dimension(Node node, int operand, int dimension) => node.Inputs[operand]!.Shape[dimension].IsConstant(out var size) ? size : 0;

    private static void Demand(Node node, bool condition)
    {
        if (condition) return;
        throw new ArchGenException($"{node.Name}: the numbers of {node.Op} {node.Attributes} do not fit its operands "
            + $"{string.Join(", ", node.Inputs.Where(i => i is not null).Select(i => i!.Shape))}. Check the hyper-parameters they are computed from.");
    }
}
