namespace ArchGen.Graphs;

/// <summary>A rewrite rule: returns the id of a node's counterpart in the rewritten graph; null keeps the node.</summary>
internal delegate int? RewriteRule(GraphRewriter rewriter, Node node);

/// <summary>
/// Rewrites a graph by a rule. Each node is made when it is first used, so a rule may refer to later nodes; unused nodes are
/// dropped. Shapes are inferred again if operands have changed.
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
    /// <param name="rule">The rule, called once for each node.</param>
    /// <param name="output">Returns the id of the result; by default the counterpart of the graph's output.</param>
    /// <exception cref="ShapeException">The operands of a node no longer fit.</exception>
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

    /// <summary>A copy of a node, with the counterparts of its operands.</summary>
    public int Copy(Node node) => node.IsLeaf ? Leaf(node.Op, node.Name, node.Shape) : Copy(node, Operands(node));

    /// <summary>A copy of a node, with other operands.</summary>
    public int Copy(Node node, int[] operands) => _builder.Copy(node, operands);

    /// <summary>Another operation with the name of a node, which it replaces.</summary>
    public int Make(Node node, Op op, int[] operands, Attributes attributes) => _builder.Add(node.Name, op, operands, attributes, node.Source, node.Step);

    /// <summary>A new operation, with a name made of the name of a node and a suffix.</summary>
    public int Insert(Node near, string what, Op op, int[] operands, Attributes attributes) =>
        _builder.Add($"{near.Name} ({what})", op, operands, attributes, near.Source);

    /// <summary>The leaf of a name.</summary>
    public int Leaf(Op op, string name, Shape shape) => _builder.Leaf(op, name, shape);
}
