using ArchGen.Graphs;

namespace ArchGen;

internal static class LayoutMutations
{
    // A mistake with these is a shape error; two slices of one value are exchanged by a mutation of both.
    public static readonly (Op Op, MutationRule Rule)[] Rules =
    [
        (Op.Heads, NodeMutations.None), (Op.Flatten, NodeMutations.None), (Op.Slice, NodeMutations.None), (Op.RepeatHeads, NodeMutations.None),
        (Op.Concat, node => [("concatenation reversed", node.Swapped(Slot.A, Slot.B))]),
    ];
}
