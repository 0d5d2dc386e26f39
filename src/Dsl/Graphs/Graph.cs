namespace ArchGen.Graphs;

/// <summary>A static graph: nodes in an order in which each comes after its operands, and the one that is the result.</summary>
public sealed class Graph
{
    internal Graph(string name, Node[] nodes, Node output)
    {
        Name = name;
        Nodes = nodes;
        Output = output;
    }

    /// <summary>The architecture's name, with a suffix if it has several graphs: <c>t5.encoder</c>.</summary>
    public string Name { get; }

    /// <summary>All nodes; operands come before their users.</summary>
    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>The result: logits [T, vocab], or embeddings [T, embd].</summary>
    public Node Output { get; }

    /// <summary>Whether attention is bidirectional, so that a sequence must be in one batch.</summary>
    public bool IsBidirectional => Nodes.Any(node => node.Op == Op.Attention && node.Attributes.Int32(Attr.Mask) == (int)AttentionMask.Bidirectional);
}
