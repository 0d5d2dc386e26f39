using ArchGen.Graphs;

namespace ArchGen.Tools.Mutations;

internal static class SelectionMutations
{
    public static IEnumerable<(string, NodeRule)> Of(Node node) => node.Op switch
    {
        Op.Softmax => [("softmax dropped", node.Dropped()), ("sigmoid instead of softmax", node.As(Op.Sigmoid))],
        Op.TopK =>
        [
            ("smallest chosen", r => r.Make(node, Op.TopK, [r.Insert(node, "negated", Op.Scale, r.Operands(node), new Attributes((Attr.Factor, -1)))], node.Attributes)),
        ],
        Op.TopGroups => [("groups of experts dropped", node.Dropped())],
        Op.Gather => [("router order lost", r => r.Make(node, Op.Slice, [r.Of(node.Inputs[0]!)], new Attributes((Attr.Start, 0), (Attr.Length, Chosen(node)))))],
        Op.SparseMixer =>
        [
            ("scores instead of sparse mixer", r => r.Make(node, Op.Gather, r.Operands(node), default)),
            ("jitter dropped", node.With(Attr.Jitter, 0)),
        ],
        Op.WeightedSum => [("weights of experts reversed", r => r.Make(node, Op.WeightedSum, [r.Of(node.Inputs[0]!), Reversed.LastDimension(r, node, r.Of(node.Inputs[1]!), Weights(node))], default))],
        _ => [],
    };

    private static long Chosen(Node gather) => gather.Shape[1].IsConstant(out var count) ? count : 1;

    private static int Weights(Node sum) => sum.Inputs[1]!.Shape[1].IsConstant(out var count) ? (int)count : 1;
}
