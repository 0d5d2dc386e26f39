namespace ArchGen.Graphs;

/// <summary>What becomes of a node in a rewritten graph: the id of its counterpart there; null leaves the node as it is.</summary>
internal delegate int? RewriteRule(GraphRewriter rewriter, Node node);

/// <summary>
/// Writes a graph anew by a rule. Each node is made when it is first needed, so that a rule may refer to nodes after its own; what nobody needs any more is
/// left out. Shapes are inferred again where operands have changed.
/// </summary>
internal sealed class GraphRewriter
{
    private readonly GraphBuilder _builder;
    private readonly int[] _made;
    private readonly RewriteRule _rule;

    private GraphRewriter(Graph graph, RewriteRule rule)
    {
        (_builder, _made, _rule) = (new GraphBuilder(graph.Name), new int[graph.Nodes.Count], rule);
        Array.Fill(_made, -1);
    }

    /// <summary>Rewrites a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="rule">Its rule, asked once for each node.</param>
    /// <param name="output">Gives the id of the result; the counterpart of the graph's output, unless given.</param>
    /// <exception cref="ShapeException">The operands of a node do not fit any more.</exception>
    public static Graph Apply(Graph graph, RewriteRule rule, Func<GraphRewriter, int>? output = null)
    {
        var rewriter = new GraphRewriter(graph, rule);
        foreach (var node in graph.Nodes) rewriter.Of(node);
        return rewriter._builder.Build(output is null ? rewriter.Of(graph.Output) : output(rewriter));
    }

    /// <summary>The part of a graph that leads to a node, which becomes the result.</summary>
    public static Graph Upto(Graph graph, Node end) => Apply(graph, (_, _) => null, rewriter => rewriter.Of(end));

    /// <summary>The counterpart of a node.</summary>
    public int Of(Node node)
    {
        ref var made = ref _made[node.Id];
        if (made < 0) made = _rule(this, node) ?? Copy(node);
        return made;
    }

    /// <summary>The counterparts of a node's operands, -1 where one is absent.</summary>
    public int[] Operands(Node node) => [.. node.Inputs.Select(input => input is null ? -1 : Of(input))];

    /// <summary>A node as it is, on the counterparts of its operands.</summary>
    public int Copy(Node node) => node.IsLeaf ? Leaf(node.Op, node.Name, node.Shape) : Copy(node, Operands(node));

    /// <summary>A node as it is, on other operands.</summary>
    public int Copy(Node node, int[] operands) => _builder.Copy(node, operands);

    /// <summary>Another operation in the place, and under the name, of a node.</summary>
    public int Make(Node node, Op op, int[] operands, Attributes attributes) => _builder.Add(node.Name, op, operands, attributes, node.Source, node.Step);

    /// <summary>An operation that has no counterpart, named after the node it belongs to and what it does there.</summary>
    public int Insert(Node near, string what, Op op, int[] operands, Attributes attributes) =>
        _builder.Add($"{near.Name} ({what})", op, operands, attributes, near.Source);

    /// <summary>The leaf of a name.</summary>
    public int Leaf(Op op, string name, Shape shape) => _builder.Leaf(op, name, shape);
}
