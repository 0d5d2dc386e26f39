using System.Text.RegularExpressions;
using ArchGen.Eager;
using ArchGen.Graphs;
using ArchGen.Runtime.Execution;

namespace ArchGen.Tools.Mutations;

/// <summary>One way to get a graph wrong: a mistake that a porter makes, at one node or at the same node of every block.</summary>
public sealed partial class Mutation
{
    private static readonly EagerBackend Forgetful = new() { Forgets = true };

    private readonly Dictionary<Node, NodeMutation> _rules;

    internal Mutation(string name, Graph graph, Dictionary<Node, NodeMutation> rules, bool forgets = false)
    {
        (Name, Graph, _rules, IsForgetful) = (name, graph, rules, forgets);
        Nodes = [.. rules.Keys.OrderBy(node => node.Id)];
        Place = string.Join(", ", Nodes.Select(node => BlockNumber().Replace(node.Name, "blk.*")).Distinct(StringComparer.Ordinal));
    }

    /// <summary>What is wrong: <c>norm dropped</c>.</summary>
    public string Name { get; }

    /// <summary>The graph as it should be.</summary>
    public Graph Graph { get; }

    /// <summary>The nodes that are changed, in graph order.</summary>
    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>The names of the nodes, with <c>*</c> for a block's number.</summary>
    public string Place { get; }

    /// <summary>Why it changes nothing in this model, where that is so by what an operation means: a scale by 1 dropped. Otherwise null.</summary>
    public string? WhyWithoutEffect => Name == "scale dropped" && Nodes.All(node => node.Attributes.Find(Attr.Factor) == 1) ? "the factor is 1 in this model" : null;

    /// <summary>
    /// Whether the graph stays as it is, and instead what the nodes remember of a sequence (state, or keys and values) is lost before each batch:
    /// a porter who does not carry it.
    /// </summary>
    public bool IsForgetful { get; }

    /// <summary>Every mutation of a graph, each at one place.</summary>
    public static IEnumerable<Mutation> Of(Graph graph) => graph.Nodes.SelectMany(node => GraphMutations.Of(graph, node));

    /// <summary>Mutations of one kind at the same place of several blocks become one that changes all of these.</summary>
    public static IEnumerable<Mutation> InAllBlocks(IEnumerable<Mutation> mutations) =>
        from mutation in mutations
        group mutation by (mutation.Name, mutation.Place, mutation.Graph, mutation.IsForgetful) into same
        select new Mutation(
            same.Key.Name, same.Key.Graph, new Dictionary<Node, NodeMutation>(same.SelectMany(m => m._rules).DistinctBy(rule => rule.Key)), same.Key.IsForgetful);

    /// <summary>The wrong graph.</summary>
    /// <exception cref="ArchGenException">The shapes do not fit any more: who makes this mistake is told so when the graph is built.</exception>
    public Graph Apply()
    {
        if (IsForgetful) return Graph;
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

    /// <summary>The run in which the mutation shows: operations that forget are placed on a backend that loses what they remember.</summary>
    public RunMode In(RunMode mode)
    {
        if (!IsForgetful) return mode;
        var names = Nodes.Select(node => node.Name).ToHashSet(StringComparer.Ordinal);
        return mode with { Placement = node => names.Contains(node.Name) ? Forgetful : null };
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Place}";

    [GeneratedRegex(@"\bblk\.[0-9]+(?=[. ]|$)", RegexOptions.CultureInvariant)]
    private static partial Regex BlockNumber();
}
