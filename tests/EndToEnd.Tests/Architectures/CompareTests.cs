using System.Text;
using ArchGen.Architectures;
using ArchGen.Cpu.Execution;
using ArchGen.Fixtures;
using ArchGen.Graphs;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Comparison;
using ArchGen.Tools.Mutations;

namespace ArchGen.EndToEnd.Tests.Architectures;

/// <summary>Two runs, node by node: the first node that differs is the one that is wrong.</summary>
public sealed class CompareTests
{
    private const double Exact = 1e-8;

    // The random weights of this recipe magnify the rounding of single precision, a thousand times more than those of any other.
    private const string Sensitive = "t5";
    private const double ExactOfSensitive = 3e-8;

    public static TheoryData<string> Dumps =>
    [
        .. ArchitectureFixture.Names.Where(name => ArchitectureFixture.Load(name).HasDump),
    ];

    public static TheoryData<string> CoveringDumps => [.. Dumps.Select(row => row.Data).Intersect(CoveringRecipes.Names)];

    [Theory]
    [MemberData(nameof(CoveringRecipes.Data), MemberType = typeof(CoveringRecipes))]
    public void Each_mutation_is_found_at_its_node(string recipe)
    {
        var fixture = ArchitectureFixture.Load(recipe);
        using var model = new LoadedModel(fixture.Recipe.ToGguf(), Catalog.All);
        var graphs = ModelGraphs.Of(model, fixture.Tokens.Length);
        var right = graphs.Run(fixture.Tokens, new RunMode { Backend = CpuBackend.Exact() });
        var one = Trace.Run(graphs, fixture.Tokens, new RunMode { Backend = CpuBackend.Exact() }, "one batch");
        var two = Trace.Run(graphs, fixture.Tokens, new RunMode { Backend = CpuBackend.Exact(), BatchSize = fixture.Tokens.Length / 2 }, "two batches");
        var faults = new StringBuilder();
        foreach (var mutation in OfEachPlace(graphs))
        {
            var mutated = mutation.Apply();

            var wrong = graphs.With(mutation.Graph, mutated);
            var mode = mutation.In(new RunMode { Backend = CpuBackend.Exact(), BatchSize = mutation.DropsState ? fixture.Tokens.Length / 2 : int.MaxValue });
            var report = TraceComparison.Compare(mutation.DropsState ? two : one, Trace.Run(wrong, fixture.Tokens, mode, "mutated"), Exact);
            // A limit that no value reaches, or weights that are 1 whatever they are computed from: nothing happens in this block.
            if (report.First is null && ArchitectureFixture.NormalizedError(right, wrong.Run(fixture.Tokens, mode)) <= Exact) continue;
            if (report.First is not { } first || !MayBeFirst(mutation, mutated, first.Node))
            {
                faults.AppendLine($"{mutation}: found at {report.First?.Node.Name ?? "no node"}");
            }
        }

        Assert.True(faults.Length == 0, $"{recipe}:\n{faults}");
    }

    [Theory]
    [MemberData(nameof(CoveringRecipes.Data), MemberType = typeof(CoveringRecipes))]
    public void The_runtime_computes_every_node_as_it_is_written(string recipe)
    {
        var fixture = ArchitectureFixture.Load(recipe);
        using var model = new LoadedModel(fixture.Recipe.ToGguf(), Catalog.All);
        var graphs = ModelGraphs.Of(model, fixture.Tokens.Length);
        var eager = Trace.RunEager(model, graphs, fixture.Tokens);
        foreach (var size in new[] { int.MaxValue, fixture.Tokens.Length / 2 })
        {
            var run = Trace.Run(graphs, fixture.Tokens, new RunMode { Backend = CpuBackend.Exact(), BatchSize = size }, "run");
            var report = TraceComparison.Compare(run, eager, recipe == Sensitive ? ExactOfSensitive : Exact);
            Assert.True(report.First is null, $"{recipe}: {report.First}");
            Assert.Equal(0, report.Skipped);
            Assert.Equal(graphs.All.Sum(g => g.Nodes.Count(n => !n.IsLeaf)), report.Nodes.Count);
        }
    }

    [Theory]
    [MemberData(nameof(Dumps))]
    public void A_dump_of_llama_cpp_has_the_same_values(string recipe)
    {
        using var run = new DumpRun(recipe);
        var right = run.Right;
        Assert.True(right.First is null, $"{recipe}: {right.First}");
        Assert.True(right.Nodes.Count > right.Skipped, $"{recipe}: {right.Nodes.Count} nodes are found in the dump, {right.Skipped} are not");
    }

    [Theory]
    [MemberData(nameof(CoveringDumps))]
    public void A_dump_of_llama_cpp_shows_where_a_mutation_is(string recipe)
    {
        using var run = new DumpRun(recipe);
        var known = run.Right.Nodes.Select(n => n.Node).ToHashSet();
        var elsewhere = new StringBuilder();
        foreach (var mutation in OfEachPlace(run.Graphs).Where(m => !m.DropsState))
        {
            var mutated = run.Graphs.With(mutation.Graph, mutation.Apply());
            var first = run.Compare(mutated).First;
            // What leaves the result as it is cannot be seen.
            if (first is null && run.ErrorOf(mutated) <= run.Tolerance) continue;
            var isFound = first is not null
                && (MayBeFirstOfDump(mutation, mutated, known).Contains(first.Node.Name)
                    || (mutation.Nodes[0] == run.Graphs.Main.Output && first.Node == mutated.Main.Output));
            if (!isFound)
            {
                elsewhere.AppendLine($"{mutation}, {mutation.Nodes[0].Name}: at {first?.Node.Name ?? "no node"}, {first?.Counterpart}, {first?.Error:E1}");
            }
        }

        Assert.True(elsewhere.Length == 0, $"{recipe}: not found at their node:\n{elsewhere}");
    }

    // In the first layer that has the place: in the others, it is found in the same way.
    private static IEnumerable<Mutation> OfEachPlace(ModelGraphs graphs) =>
        graphs.All.SelectMany(Mutation.Of).Where(m => m.WhyWithoutEffect is null).DistinctBy(m => (m.Name, m.Place, m.Graph));

    // The node; where the mutation leaves it out, what stands in its place; or the first nodes after it that the dump has. What only moves values has the
    // sums of what it moves, and values that are swapped are both in the dump: they are told where attention joins them.
    private static HashSet<string> MayBeFirstOfDump(Mutation mutation, ModelGraphs mutated, HashSet<Node> known)
    {
        var names = new HashSet<string>(mutation.Nodes.Select(n => n.Name), StringComparer.Ordinal);
        var left = mutated.All.SelectMany(graph => graph.Nodes).ToLookup(n => n.Name, StringComparer.Ordinal);
        var pending = new Queue<Node>(mutation.Nodes);
        var isSwap = mutation.Name.EndsWith("swapped", StringComparison.Ordinal);
        while (pending.TryDequeue(out var node))
        {
            foreach (var (user, slot) in UsersOf(node, mutation.Graph, mutated.Main))
            {
                if (!left.Contains(node.Name) && slot >= 0) names.UnionWith(left[user.Name].Select(same => same.Inputs[slot]!.Name));
                var onlyMoves = user.Op is Op.Heads or Op.RepeatHeads or Op.Flatten or Op.Slice or Op.Concat;
                var isOpen = onlyMoves || !known.Contains(user) || (isSwap && user.Op != Op.Attention);
                if (names.Add(user.Name) && isOpen) pending.Enqueue(user);
            }
        }

        return names;
    }

    // What an encoder computes is read in the decoder's graph.
    private static IEnumerable<(Node User, int Slot)> UsersOf(Node node, Graph graph, Graph decoder) =>
    [
        .. from user in graph.Nodes from slot in Enumerable.Range(0, user.Inputs.Count) where user.Inputs[slot] == node select (user, slot),
        .. from user in decoder.Nodes where graph != decoder && node == graph.Output && user.Inputs.Any(input => input?.Op == Op.Encoded) select (user, -1),
    ];

    // The node itself; or, where the mutation leaves it out, one that reads it.
    private static bool MayBeFirst(Mutation mutation, Graph mutated, Node first)
    {
        var node = mutation.Nodes[0];
        if (first == node) return true;
        return !mutated.Nodes.Any(n => n.Name == node.Name) && first.Inputs.Contains(node);
    }
}
