using ArchGen.Graphs;
using ArchGen.Runtime.Elementwise;

namespace ArchGen.Vulkan.Tests.Modules;

/// <summary>Chains of elementwise operations.</summary>
internal static class Chains
{
    public static readonly Attributes Numbers = new(
        (Attr.Factor, -1.7f), (Attr.Offset, 0.3f), (Attr.Min, -0.9f), (Attr.Max, 2.5f),
        (Attr.AlphaPositive, 0.7f), (Attr.AlphaNegative, 0.4f), (Attr.Beta, 0.5f), (Attr.Epsilon, -1e-6f));

    /// <summary>All elementwise operations.</summary>
    public static readonly Op[] All = [.. Enum.GetValues<Op>().Where(ElementwiseOp.Is)];

    /// <summary>Operations whose results stay small, and are continuous, so that rounding does not grow along a chain.</summary>
    public static readonly Op[] Tame = [.. All.Except([Op.Divide, Op.Exp, Op.Sqrt, Op.GeluTable, Op.ReluSquared, Op.Xielu, Op.Multiply])];

    /// <summary>A leaf.</summary>
    public static Node Leaf(int id) => new(id, $"x{id}", Op.Weight, new Shape(8), [], default);

    /// <summary>An operation of one or two operands.</summary>
    public static Node Apply(Op op, Attributes attributes, params Node[] operands) => new(100, op.ToString(), op, new Shape(8), operands, attributes);

    /// <summary>One operation of as many leaves as it has operands.</summary>
    public static Chain Of(Op op) => new([Apply(op, Numbers, [.. Enumerable.Range(0, OpTable.Of(op).Operands.Count).Select(Leaf)])]);

    /// <summary>Operations of leaves and of results, of which the last is one.</summary>
    public static Chain Random(Random random, Op[] operations, int leaves, int length)
    {
        Node[] operands = [.. Enumerable.Range(0, leaves).Select(Leaf)];
        var nodes = new List<Node>();
        while (nodes.Count < length)
        {
            var op = operations[random.Next(operations.Length)];
            Node previous = nodes.Count > 0 ? nodes[^1] : operands[0], other = random.Next(3) > 0 ? operands[random.Next(leaves)] : previous;
            Node[] inputs = OpTable.Of(op).Operands.Count == 1 ? [previous] : random.Next(2) == 0 ? [previous, other] : [other, previous];
            nodes.Add(Apply(op, Numbers, inputs));
        }

        return new Chain(nodes, operands[0]);
    }
}
