using System.Text;
using ArchGen.Graphs;

namespace ArchGen.Runtime.Elementwise;

/// <summary>
/// Elementwise operations computed together: each of operands of the chain, or of results of the operations before it. The last is the result.
/// </summary>
internal sealed class Chain
{
    private readonly List<Node> _operands = [];
    private readonly Link[] _links;

    /// <summary>A chain of nodes.</summary>
    /// <param name="nodes">Elementwise nodes in the order of the graph; no result but the last one's is seen from outside.</param>
    /// <param name="first">The node that is to be the first operand, as the result of a product that the chain is applied to; null if none is to be.</param>
    public Chain(IReadOnlyList<Node> nodes, Node? first = null)
    {
        if (nodes.Count == 0) throw new ArgumentException("A chain has one operation at least.", nameof(nodes));
        if (first is not null) _operands.Add(first);
        var results = new Dictionary<Node, int>(ReferenceEqualityComparer.Instance);
        _links = new Link[nodes.Count];
        for (var i = 0; i < nodes.Count; i++)
        {
            var (node, inputs) = (nodes[i], nodes[i].Inputs);
            if (!ElementwiseOp.Is(node.Op)) throw new ArgumentException($"{node}: this is no elementwise operation.", nameof(nodes));
            _links[i] = new Link(node.Op, node.Attributes, Place(inputs[0]!), inputs.Count > 1 ? Place(inputs[1]!) : null);
            results[node] = i;
        }

        (Nodes, Key) = (nodes, KeyOf(_operands.Count, _links));

        Source Place(Node node) => results.TryGetValue(node, out var result) ? new Source(true, result) : new Source(false, OperandOf(node));
    }

    /// <summary>The nodes whose values the chain computes.</summary>
    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>The nodes whose values it reads, each once, in the order of their first use.</summary>
    public IReadOnlyList<Node> Operands => _operands;

    /// <summary>What it computes: equal for chains that differ in their nodes alone.</summary>
    public string Key { get; }

    /// <summary>Computes the result from the operands.</summary>
    public T Apply<T>(ReadOnlySpan<T> operands) where T : struct, IMath<T>
    {
        var results = new T[_links.Length];
        for (var i = 0; i < _links.Length; i++)
        {
            var (op, attributes, a, b) = _links[i];
            results[i] = ElementwiseOp.Apply(op, attributes, a.From(operands, results), b is { } second ? second.From(operands, results) : default);
        }

        return results[^1];
    }

    private int OperandOf(Node node)
    {
        var index = _operands.FindIndex(n => ReferenceEquals(n, node));
        if (index >= 0) return index;
        _operands.Add(node);
        return _operands.Count - 1;
    }

    private static string KeyOf(int operands, Link[] links)
    {
        var key = new StringBuilder().Append(operands);
        foreach (var (op, attributes, a, b) in links)
        {
            key.Append(';').Append(OpTable.Of(op).Word).Append(attributes).Append('(').Append(a);
            if (b is not null) key.Append(',').Append(b);
            key.Append(')');
        }

        return key.ToString();
    }

    private readonly record struct Link(Op Op, Attributes Attributes, Source A, Source? B);

    private readonly record struct Source(bool IsResult, int Index)
    {
        public T From<T>(ReadOnlySpan<T> operands, T[] results) => IsResult ? results[Index] : operands[Index];

        public override string ToString() => (IsResult ? "r" : "x") + Index.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
