using ArchGen.Graphs;

namespace ArchGen.Tools.Mutations;

internal static class NormMutations
{
    public static IEnumerable<(string, NodeRule)> Of(Node node)
    {
        yield return ("norm dropped", node.Dropped());
        if (node.Op == Op.L2Norm) yield break;
        if (node.Has(1)) yield return ("norm weight dropped", node.Without(1));
        if (node.Has(2)) yield return ("bias dropped", node.Without(2));
        yield return node.Op == Op.RmsNorm
            ? ("layer norm instead of RMS norm", r => r.Make(node, Op.LayerNorm, [.. r.Operands(node), -1], node.Attributes))
            : ("RMS norm instead of layer norm", r => r.Make(node, Op.RmsNorm, r.Operands(node)[..2], node.Attributes));
    }
}
