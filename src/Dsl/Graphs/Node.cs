namespace ArchGen.Graphs;

/// <summary>One value of a graph: an operation on the values before it. Immutable; the one node type of every graph.</summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
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

    /// <summary>The index in <see cref="Graph.Nodes"/>.</summary>
    public int Id { get; }

    /// <summary>
    /// The name, as derived from the architecture file: <c>blk.3.attn_q</c>, <c>blk.3.ffn_gate (silu)</c>; for a weight, the tensor's name in the file.
    /// </summary>
    public string Name { get; }

    /// <summary>The operation.</summary>
    public Op Op { get; }

    /// <summary>
    /// The shape, slowest dimension first; <c>T</c> is the number of tokens in the batch, <c>S</c> of the encoder, <c>O</c> of the requested outputs.
    /// </summary>
    public Shape Shape { get; }

    /// <summary>The operands by slot, as <see cref="OpSpec.Operands"/> names them; null where an optional one is absent.</summary>
    public IReadOnlyList<Node?> Inputs { get; }

    /// <summary>The numbers of the operation.</summary>
    public Attributes Attributes { get; }

    /// <summary>
    /// The line of the architecture's file that computes it, <c>Llama.cs:47</c>; null for a leaf, or if it is unknown. It is not part of
    /// the graph's text.
    /// </summary>
    public string? Source { get; internal init; }

    /// <summary>The index of the operation in the forward pass, from 0 in the order of evaluation; -1 if it is not in the forward pass.</summary>
    public int Step { get; internal init; } = -1;

    /// <summary>The specification of its operation.</summary>
    public OpSpec Spec => OpTable.Of(Op);

    /// <summary>Whether this is an input, a weight or a state rather than something computed.</summary>
    public bool IsLeaf => Spec.IsLeaf;

    /// <summary>Whether the elements are integers (token ids, positions, indices) rather than f32.</summary>
    public bool IsInteger => Spec.IsInteger;

    /// <summary>The operand in a slot.</summary>
    /// <exception cref="InvalidOperationException">The slot is empty, or the operation does not have it.</exception>
    public Node Input(Slot slot) => Find(slot) ?? throw new InvalidOperationException($"{this}: it has no operand '{new OperandSpec(slot).Name}'.");

    /// <summary>The operand in a slot; null if the slot is empty, or the operation does not have it.</summary>
    public Node? Find(Slot slot) => Spec.IndexOf(slot) is var index && index >= 0 && index < Inputs.Count ? Inputs[index] : null;

    /// <inheritdoc/>
    public override string ToString() => $"{Name} = {Spec.Word} {Shape}";
}
