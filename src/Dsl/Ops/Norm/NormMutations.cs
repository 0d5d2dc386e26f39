using ArchGen.Graphs;

namespace ArchGen;

internal static class NormMutations
{
    public static readonly (Op Op, MutationRule Rule)[] Rules =
    [
        (Op.RmsNorm, node => [.. Norm(node), ("layer norm instead of RMS norm", node.As(Op.LayerNorm))]),
        (Op.LayerNorm, node => [.. Norm(node), ("RMS norm instead of layer norm", r => r.Make(node, Op.RmsNorm, r.Operands(node)[..2], node.Attributes))]),
        (Op.L2Norm, node => [("norm dropped", node.Dropped(Slot.X))]),
    ];

    private static IEnumerable<(string, NodeMutation)> Norm(Node node)
    {
        yield return ("norm dropped", node.Dropped(Slot.X));
        if (node.Has(Slot.Weight)) yield return ("norm weight dropped", node.Without(Slot.Weight));
        if (node.Has(Slot.Bias)) yield return ("bias dropped", node.Without(Slot.Bias));
    }
}
