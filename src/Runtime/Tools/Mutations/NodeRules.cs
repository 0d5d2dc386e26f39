using ArchGen.Graphs;

namespace ArchGen.Tools.Mutations;

/// <summary>The rules that mutations of every family are made of.</summary>
internal static class NodeRules
{
    /// <summary>Another number.</summary>
    public static NodeRule With(this Node node, Attr key, double value) => r => r.Make(node, node.Op, r.Operands(node), node.Numbers(key, value));

    /// <summary>One operand absent.</summary>
    public static NodeRule Without(this Node node, int slot) => r =>
    {
        var operands = r.Operands(node);
        operands[slot] = -1;
        return r.Make(node, node.Op, operands, node.Attributes);
    };

    /// <summary>Another operation on the same operands.</summary>
    public static NodeRule As(this Node node, Op op) => r => r.Make(node, op, r.Operands(node), node.Attributes);

    /// <summary>The operation left out: its operand in its place.</summary>
    public static NodeRule Dropped(this Node node, int operand = 0) => r => r.Of(node.Inputs[operand]!);

    /// <summary>The numbers of a node, but one.</summary>
    public static Attributes Numbers(this Node node, Attr key, double value) =>
        new([.. node.Attributes.Values.ToArray().Select(number => number.Key == key ? (key, value) : number)]);

    /// <summary>A number that is there and not zero.</summary>
    public static bool Has(this Node node, Attr key) => node.Attributes.Find(key) is { } value && value != 0;

    /// <summary>An operand that is there.</summary>
    public static bool Has(this Node node, int slot) => slot < node.Inputs.Count && node.Inputs[slot] is not null;
}
