using ArchGen.Graphs;

namespace ArchGen;

internal static class LinearMutations
{
    // A wrong table, or a wrong matrix per head, is a shape error.
    public static readonly (Op Op, MutationRule Rule)[] Rules =
    [
        (Op.GetRows, NodeMutations.None), (Op.Linear, Product), (Op.HeadLinear, NodeMutations.None), (Op.ExpertLinear, Product),
    ];

    private static IEnumerable<(string, NodeMutation)> Product(Node node)
    {
        if (node.Has(Slot.Bias)) yield return ("bias dropped", node.Without(Slot.Bias));
        if (node.Has(Slot.Scale)) yield return ("weight scale dropped", node.Without(Slot.Scale));
    }
}
