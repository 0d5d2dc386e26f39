using ArchGen.Architectures;
using ArchGen.Graphs;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;

namespace ArchGen.Fixtures;

/// <summary>
/// A few of the richest recipes that together have each operation with each combination of arguments that are zero or not, for each operation that gives it
/// an operand in any of them. They are for what depends on operations and on which of them meet, but not on the architecture: one that brings nothing new
/// costs these tests nothing.
/// </summary>
internal static class CoveringRecipes
{
    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = Choose();

    /// <summary>As the data of a theory.</summary>
    public static TheoryData<string> Data => [.. Names];

    // The recipe that has most of what is left for its size, until nothing is left.
    private static List<string> Choose()
    {
        var recipes = ArchitectureFixture.Richest.Select(name => (Name: name, Nodes: NodesOf(name))).ToList();
        var meetings = recipes.ToDictionary(r => r.Name, r => r.Nodes.SelectMany(MeetingsOf).ToHashSet(StringComparer.Ordinal));
        var left = meetings.Values.SelectMany(m => m).ToHashSet(StringComparer.Ordinal);
        var chosen = new List<string>();
        while (left.Count > 0)
        {
            var (name, _) = recipes.MaxBy(r => meetings[r.Name].Count(left.Contains) / (double)r.Nodes.Count);
            chosen.Add(name);
            left.ExceptWith(meetings[name]);
        }

        chosen.Sort(StringComparer.Ordinal);
        return chosen;
    }

    private static List<Node> NodesOf(string recipe)
    {
        using var model = new LoadedModel(ArchitectureFixture.Load(recipe).Recipe.ToGguf(), Catalog.All);
        return [.. ModelGraphs.Of(model, 1).All.SelectMany(graph => graph.Nodes).Where(node => !node.IsLeaf)];
    }

    private static IEnumerable<string> MeetingsOf(Node node) =>
        node.Inputs.Select((input, slot) => $"{Describe(node)} {slot} {(input is null ? "" : Describe(input))}");

    // Which numbers there are; of a kind, which one.
    private static string Describe(Node node)
    {
        var numbers = new List<string>();
        foreach (var (key, value) in node.Attributes.Values) numbers.Add(key == Attr.Kind ? $"{key}{value}" : $"{key}{(value == 0 ? "0" : "")}");
        return $"{node.Op}({string.Join(',', numbers)})";
    }
}
