using ArchGen.Eager;

namespace ArchGen;

/// <summary>
/// A value of a forward pass. In a graph it represents a node; in an eager run it has numbers, so that a breakpoint in <c>Forward</c> shows them.
/// Operators combine element by element; trailing dimensions must agree, or be 1 on one side.
/// </summary>
/// <remarks>For one caller at a time.</remarks>
[System.Diagnostics.DebuggerDisplay("{Shape} {Values}")]
public sealed partial class Tensor
{
    internal Tensor(Evaluation evaluation, int id, Shape shape, Operand? values)
    {
        Evaluation = evaluation;
        Id = id;
        Shape = shape;
        Values = values;
    }

    /// <summary>The dimensions, slowest first.</summary>
    public Shape Shape { get; }

    /// <summary>The numbers, in an eager run.</summary>
    public Operand? Values { get; }

    /// <summary>
    /// The maximum number of positions of a sequence in this run, fixed when the graph is built (<see cref="Graphs.GraphOptions.SequenceLength"/>);
    /// it is not the number of rows.
    /// </summary>
    public int SequenceLength => Evaluation.SequenceLength;

    internal Evaluation Evaluation { get; }

    internal int Id { get; }

    /// <summary>[.., count*d] -> [.., count, d].</summary>
    [Op(Op.Heads)]
    public Tensor Heads(int count) => Apply(Op.Heads, new Attributes((Attr.Count, count)));

    /// <summary>[.., n, d] -> [.., n*d].</summary>
    [Op(Op.Flatten)]
    public Tensor Flatten() => Apply(Op.Flatten, default);

    /// <summary>[T, 1, d] -> [T, count, d].</summary>
    [Op(Op.RepeatHeads)]
    public Tensor RepeatHeads(int count) => Apply(Op.RepeatHeads, new Attributes((Attr.Count, count)));

    /// <summary>The elements [start, start + length) of the last dimension.</summary>
    [Op(Op.Slice)]
    public Tensor Slice(int start, int length) => Apply(Op.Slice, new Attributes((Attr.Start, start), (Attr.Length, length)));

    /// <summary>The last dimension in two parts of the given sizes, which must add up to it.</summary>
    [Op(Op.Slice)]
    public (Tensor, Tensor) Split(int a, int b) => (Slice(0, a), Slice(a, b));

    /// <summary>The last dimension in three parts of the given sizes, which must add up to it.</summary>
    [Op(Op.Slice)]
    public (Tensor, Tensor, Tensor) Split(int a, int b, int c) => (Slice(0, a), Slice(a, b), Slice(a + b, c));

    internal Tensor Apply(Op op, Attributes attributes, params Tensor?[] others) => Evaluation.Apply(OpTable.Of(op).Word, op, attributes, [this, .. others]);
}
