namespace ArchGen.Graphs;

/// <summary>One value of a graph: an operation on the values before it. Immutable; the one node type of every graph.</summary>
public sealed class Node
{
    internal Node(int id, string name, Op op, Shape shape, Node?[] inputs, Attributes attributes)
    {
        Id = id;
        Name = name;
        Op = op;
        Shape = shape;
        Inputs = inputs;
        Attributes = attributes;
    }

    /// <summary>The place in <see cref="Graph.Nodes"/>.</summary>
    public int Id { get; }

    /// <summary>
    /// The name in the words of the architecture file: <c>blk.3.attn_q</c>, <c>blk.3.ffn_gate (silu)</c>; for a weight, the tensor's name in the file.
    /// </summary>
    public string Name { get; }

    /// <summary>The operation.</summary>
    public Op Op { get; }

    /// <summary>
    /// The shape, slowest dimension first; <c>T</c> is the number of tokens in the batch, <c>S</c> of the encoder, <c>O</c> of the outputs asked for.
    /// </summary>
    public Shape Shape { get; }

    /// <summary>The operands by slot, as <see cref="OpSpec.Operands"/> names them; null where an optional one is absent.</summary>
    public IReadOnlyList<Node?> Inputs { get; }

    /// <summary>The numbers of the operation.</summary>
    public Attributes Attributes { get; }

    /// <summary>
    /// Where the architecture's file says it: <c>Llama.cs:47</c>, the file's name and a line; null for a leaf, or where nobody knows.
    /// No part of the graph's text.
    /// </summary>
    public string? Source { get; internal init; }

    /// <summary>Which operation of the forward pass it is, counted from 0 in the order in which they are applied; -1 if it is none.</summary>
    public int Step { get; internal init; } = -1;

    /// <summary>What is true of its operation.</summary>
    public OpSpec Spec => OpTable.Of(Op);

    /// <summary>Whether this is an input, a weight or a state rather than something computed.</summary>
    public bool IsLeaf => Spec.IsLeaf;

    /// <summary>Whether the elements are integers (token ids, positions, indices) rather than f32.</summary>
    public bool IsInteger => Spec.IsInteger;

    /// <summary>The operand in a slot.</summary>
    /// <exception cref="InvalidOperationException">The slot is empty, or the operation has none such.</exception>
    public Node Input(Slot slot) => Find(slot) ?? throw new InvalidOperationException($"{this}: it has no operand '{new OperandSpec(slot).Name}'.");

    /// <summary>The operand in a slot; null if the slot is empty, or the operation has none such.</summary>
    public Node? Find(Slot slot) => Spec.IndexOf(slot) is var index && index >= 0 && index < Inputs.Count ? Inputs[index] : null;

    /// <inheritdoc/>
    public override string ToString() => $"{Name} = {Spec.Word} {Shape}";
}
