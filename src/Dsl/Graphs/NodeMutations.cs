namespace ArchGen.Graphs;

/// <summary>Makes the counterpart of the mutated node in a mutant.</summary>
internal delegate int NodeMutation(GraphRewriter rewriter);

/// <summary>The mutations of an operation: the name of each, and the node's replacement.</summary>
internal delegate IEnumerable<(string Name, NodeMutation Mutation)> MutationRule(Node node);

/// <summary>Helpers for the mutations of all families.</summary>
internal static class NodeMutations
{
    /// <summary>No mutations: every mistake with this operation is a shape error.</summary>
    public static IEnumerable<(string, NodeMutation)> None(Node node) => [];

    /// <summary>The node with another number.</summary>
    public static NodeMutation With(this Node node, Attr key, double value) => r => r.Make(node, node.Op, r.Operands(node), node.Numbers(key, value));

    /// <summary>The node without one operand.</summary>
    public static NodeMutation Without(this Node node, Slot slot) => node.WithOperands((_, operands) => operands[node.Spec.IndexOf(slot)] = -1);

    /// <summary>The node with two operands exchanged.</summary>
    public static NodeMutation Swapped(this Node node, Slot a, Slot b) => node.WithOperands((_, operands) =>
    {
        var (i, j) = (node.Spec.IndexOf(a), node.Spec.IndexOf(b));
        (operands[i], operands[j]) = (operands[j], operands[i]);
    });

    /// <summary>The node with the last dimension of one operand reversed.</summary>
    public static NodeMutation Reversed(this Node node, Slot slot) => node.WithOperands((r, operands) =>
    {
        var index = node.Spec.IndexOf(slot);
        operands[index] = ReverseLast(r, node, operands[index], node.Input(slot).Shape.Last.IsConstant(out var size) ? (int)size : 1);
    });

    /// <summary>Another operation on the same operands, with those of the numbers that it takes.</summary>
    public static NodeMutation As(this Node node, Op op)
    {
        var taken = node.Attributes.Values.ToArray().Where(v => OpTable.Of(op).Attributes.Contains(v.Key));
        return r => r.Make(node, op, r.Operands(node), new Attributes([.. taken]));
    }

    /// <summary>The operation dropped: replaced by one of its operands.</summary>
    public static NodeMutation Dropped(this Node node, Slot kept) => r => r.Of(node.Input(kept));

    /// <summary>The numbers of a node except one.</summary>
    public static Attributes Numbers(this Node node, Attr key, double value) =>
        new([.. node.Attributes.Values.ToArray().Select(number => number.Key == key ? (key, value) : number)]);

    /// <summary>Whether a number is present and not zero.</summary>
    public static bool Has(this Node node, Attr key) => node.Attributes.Find(key) is { } value && value != 0;

    /// <summary>Whether an operand is present.</summary>
    public static bool Has(this Node node, Slot slot) => node.Find(slot) is not null;

    private static NodeMutation WithOperands(this Node node, Action<GraphRewriter, int[]> change) => r =>
    {
        var operands = r.Operands(node);
        change(r, operands);
        return r.Make(node, node.Op, operands, node.Attributes);
    };

    // Made of slices and concatenations.
    private static int ReverseLast(GraphRewriter r, Node user, int id, int width)
    {
        var result = Element(width - 1);
        for (var i = width - 2; i >= 0; i--) result = r.Insert(user, $"reversed {i}", Op.Concat, [result, Element(i)], default);
        return result;

        int Element(int i) => r.Insert(user, $"element {i}", Op.Slice, [id], new Attributes((Attr.Start, i), (Attr.Length, 1)));
    }
}
