using ArchGen.Graphs;

namespace ArchGen.Tools.Mutations;

/// <summary>Makes the counterpart of a node in a rewritten graph; returns its id there.</summary>
internal delegate int NodeRule(GraphRewrite rewrite);

/// <summary>
/// A graph written anew with other rules for some of its nodes. Each node is made when it is first needed, so that a rule may refer to nodes after
/// its own; whatever nobody needs any more is left out. Shapes are inferred again.
/// </summary>
internal sealed class GraphRewrite
{
    private readonly GraphBuilder _builder;
    private readonly int[] _made;
    private readonly IReadOnlyDictionary<Node, NodeRule> _rules;

    private GraphRewrite(Graph graph, IReadOnlyDictionary<Node, NodeRule> rules)
    {
        (_builder, _made, _rules) = (new GraphBuilder(graph.Name), new int[graph.Nodes.Count], rules);
        Array.Fill(_made, -1);
    }

    /// <summary>Rewrites a graph.</summary>
    /// <exception cref="ShapeException">The operands of a node do not fit any more.</exception>
    public static Graph Apply(Graph graph, IReadOnlyDictionary<Node, NodeRule> rules)
    {
        var rewrite = new GraphRewrite(graph, rules);
        foreach (var node in graph.Nodes) rewrite.Of(node);
        return rewrite._builder.Build(rewrite.Of(graph.Output));
    }

    /// <summary>The counterpart of a node.</summary>
    public int Of(Node node)
    {
        ref var made = ref _made[node.Id];
        if (made < 0) made = _rules.TryGetValue(node, out var rule) ? rule(this) : Copy(node);
        return made;
    }

    /// <summary>A node as it is, on the counterparts of its operands.</summary>
    public int Copy(Node node) => node.IsLeaf ? _builder.Leaf(node.Op, node.Name, node.Shape) : Make(node, node.Op, Operands(node), node.Attributes);

    /// <summary>The counterparts of a node's operands, -1 where one is absent.</summary>
    public int[] Operands(Node node) => [.. node.Inputs.Select(input => input is null ? -1 : Of(input))];

    /// <summary>Another operation in the place, and under the name, of a node.</summary>
    public int Make(Node node, Op op, int[] operands, Attributes attributes) => _builder.Add(node.Name, op, operands, attributes, node.Source, node.Step);

    /// <summary>An operation that stands before a node and has no counterpart.</summary>
    public int Insert(Node before, string what, Op op, int[] operands, Attributes attributes) =>
        _builder.Add($"{before.Name} ({what})", op, operands, attributes, before.Source);
}
