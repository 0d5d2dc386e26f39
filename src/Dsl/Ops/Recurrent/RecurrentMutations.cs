using ArchGen.Graphs;

namespace ArchGen;

internal static class RecurrentMutations
{
    public static readonly (Op Op, MutationRule Rule)[] Rules = [(Op.CausalConv, Convolution), (Op.SelectiveScan, Swaps), (Op.GatedDeltaRule, Swaps)];

    private static IEnumerable<(string, NodeMutation)> Convolution(Node node)
    {
        yield return ("convolution reversed", node.Reversed(Slot.Weight));
        if (node.Has(Slot.Bias)) yield return ("bias dropped", node.Without(Slot.Bias));
    }

    /// <summary>Two operands of one shape exchanged, such as B and C of a selective scan, or query and key of a delta rule.</summary>
    private static IEnumerable<(string, NodeMutation)> Swaps(Node node) =>
        from a in node.Spec.Operands
        from b in node.Spec.Operands.SkipWhile(operand => operand != a).Skip(1)
        where node.Has(a.Slot) && node.Has(b.Slot) && node.Input(a.Slot).Shape.Equals(node.Input(b.Slot).Shape)
        select ($"{a.Name} and {b.Name} swapped", node.Swapped(a.Slot, b.Slot));
}
