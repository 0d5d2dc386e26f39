using System.Text.RegularExpressions;
using ArchGen.Eager;
using ArchGen.Graphs;
using ArchGen.Runtime.Execution;

namespace ArchGen.Tools.Mutations;

/// <summary>One way to get a graph wrong: a mistake that a porter makes, at one node or at the same node of every layer.</summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public sealed partial class Mutation
{
    private static readonly EagerBackend DropState = new() { DropsState = true };

    private readonly Dictionary<Node, NodeMutation> _rules;

    internal Mutation(string name, Graph graph, Dictionary<Node, NodeMutation> rules, bool dropsState = false)
    {
        (Name, Graph, _rules, DropsState) = (name, graph, rules, dropsState);
        Nodes = [.. rules.Keys.OrderBy(node => node.Id)];
        Place = string.Join(", ", Nodes.Select(node => BlockNumber().Replace(node.Name, "blk.*")).Distinct(StringComparer.Ordinal));
    }

    /// <summary>The name of the mistake: <c>norm dropped</c>.</summary>
    public string Name { get; }

    /// <summary>The graph as it should be.</summary>
    public Graph Graph { get; }

    /// <summary>The nodes that are changed, in graph order.</summary>
    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>The names of the nodes, with <c>*</c> for a layer's number.</summary>
    public string Place { get; }

    /// <summary>The reason why the mutation has no effect in this model, by the operation's definition: a dropped scale of 1. Otherwise null.</summary>
    public string? WhyWithoutEffect =>
        Name == "scale dropped" && Nodes.All(node => node.Attributes.Find(Attr.Factor) == 1)
            ? "the factor is 1 in this model"
            : null;

    /// <summary>
    /// Whether the graph stays as it is, and instead the state, or the keys and values, of the nodes are lost before each batch: the mistake of
    /// a port that does not carry them.
    /// </summary>
    public bool DropsState { get; }

    /// <summary>Every mutation of a graph, each at one place.</summary>
    public static IEnumerable<Mutation> Of(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Nodes.SelectMany(node => GraphMutations.Of(graph, node));
    }

    /// <summary>Joins the mutations of one name at the same place of several layers into one that changes all of them.</summary>
    public static IEnumerable<Mutation> InAllBlocks(IEnumerable<Mutation> mutations)
    {
        ArgumentNullException.ThrowIfNull(mutations);
        return from mutation in mutations
               group mutation by (mutation.Name, mutation.Place, mutation.Graph, mutation.DropsState) into same
               select new Mutation(
                   same.Key.Name,
                   same.Key.Graph,
                   new Dictionary<Node, NodeMutation>(same.SelectMany(m => m._rules).DistinctBy(rule => rule.Key)),
                   same.Key.DropsState);
    }

    /// <summary>The mutant: the graph with the mistake.</summary>
    /// <exception cref="ArchGenException">The shapes no longer fit: building the graph reports this mistake.</exception>
    public Graph Apply()
    {
        if (DropsState) return Graph;
        try
        {
            var graph = GraphRewriter.Apply(Graph, (r, node) => _rules.TryGetValue(node, out var rule) ? rule(r) : null);
            GraphVerifier.Verify(graph);
            return graph;
        }
        catch (ShapeException error)
        {
            throw new GraphException($"{Name} at {Place}: {error.Message}.", error);
        }
    }

    /// <summary>The run mode in which the mutation shows: nodes that lose their state are placed on a backend that drops it before each batch.</summary>
    public RunMode In(RunMode mode)
    {
        if (!DropsState) return mode;
        var names = Nodes.Select(node => node.Name).ToHashSet(StringComparer.Ordinal);
        return mode with { Placement = node => names.Contains(node.Name) ? DropState : null };
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Place}";

    [GeneratedRegex(@"\bblk\.[0-9]+(?=[. ]|$)", RegexOptions.CultureInvariant)]
    private static partial Regex BlockNumber();
}
