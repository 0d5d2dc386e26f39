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

    /// <summary>The name in the words of the architecture file: <c>blk.3.attn_q</c>, <c>blk.3.ffn_gate (silu)</c>; for a weight, the tensor's name in the file.</summary>
    public string Name { get; }

    /// <summary>The operation.</summary>
    public Op Op { get; }

    /// <summary>The shape, slowest dimension first; <c>T</c> is the number of tokens in the batch, <c>S</c> of the encoder, <c>O</c> of the outputs asked for.</summary>
    public Shape Shape { get; }

    /// <summary>The operands by slot, as <see cref="OpSpec.Operands"/> names them; null where an optional one is absent.</summary>
    public IReadOnlyList<Node?> Inputs { get; }

    /// <summary>The numbers of the operation.</summary>
    public Attributes Attributes { get; }

    /// <summary>Whether this is an input, a weight or a state rather than something computed.</summary>
    public bool IsLeaf => OpTable.Of(Op).ShapeRule is null;

    /// <summary>Whether the elements are integers (token ids, positions, indices) rather than f32.</summary>
    public bool IsInteger => Op is Op.Tokens or Op.Positions or Op.TopK;

    /// <inheritdoc/>
    public override string ToString() => $"{Name} = {OpTable.Of(Op).Word} {Shape}";
}
