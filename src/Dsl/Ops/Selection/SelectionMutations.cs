using ArchGen.Graphs;

namespace ArchGen;

internal static class SelectionMutations
{
    public static readonly (Op Op, MutationRule Rule)[] Rules =
    [
        (Op.Softmax, node => [("softmax dropped", node.Dropped(Slot.X)), ("sigmoid instead of softmax", node.As(Op.Sigmoid))]),
        // The mutation of the division that uses it covers this mistake.
        (Op.Sum, NodeMutations.None),
        (Op.TopK, node => [("smallest chosen", r => r.Make(node, Op.TopK, [Negated(r, node)], node.Attributes))]),
        (Op.TopGroups, node => [("groups of experts dropped", node.Dropped(Slot.X))]),
        (Op.Gather, node => [("router order lost", r => r.Make(node, Op.Slice, [r.Of(node.Input(Slot.X))], FirstOf(node)))]),
        (Op.SparseMixer, node =>
        [
            ("scores instead of sparse mixer", r => r.Make(node, Op.Gather, r.Operands(node), default)),
            ("jitter dropped", node.With(Attr.Jitter, 0)),
        ]),
        (Op.WeightedSum, node => [("weights of experts reversed", node.Reversed(Slot.Weights))]),
        (Op.SelectOutputs, NodeMutations.None),
    ];

    private static int Negated(GraphRewriter r, Node node) => r.Insert(node, "negated", Op.Scale, r.Operands(node), new Attributes((Attr.Factor, -1)));

    private static Attributes FirstOf(Node gather) => new((Attr.Start, 0), (Attr.Length, gather.Shape.Last.IsConstant(out var count) ? count : 1));
}
