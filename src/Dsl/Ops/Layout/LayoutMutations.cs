using ArchGen.Graphs;

namespace ArchGen;

internal static class LayoutMutations
{
    // What only moves elements and is wrong does not fit; two slices of one value are exchanged where they are found together.
    public static readonly (Op Op, MutationRule Rule)[] Rules =
    [
        (Op.Heads, NodeMutations.None), (Op.Flatten, NodeMutations.None), (Op.Slice, NodeMutations.None), (Op.RepeatHeads, NodeMutations.None),
        (Op.Concat, node => [("concatenation reversed", node.Swapped(Slot.A, Slot.B))]),
    ];
}
