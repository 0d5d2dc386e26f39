using System.Text;
using ArchGen.Architectures;
using ArchGen.Comparison;
using ArchGen.Fixtures;
using ArchGen.Generation;
using ArchGen.Graphs;
using ArchGen.Runtime;
using ArchGen.Sabotage;

namespace ArchGen.EndToEnd.Tests.Architectures;

/// <summary>Two runs, node by node: the first node that differs is the one that is wrong.</summary>
public sealed class CompareTests
{
    private const double Tolerance = 1e-8;

    [Theory]
    [MemberData(nameof(EagerTests.Recipes), MemberType = typeof(EagerTests))]
    public void Each_mutation_is_found_at_its_node(string recipe)
    {
        var fixture = ArchitectureFixture.Load(recipe);
        using var model = new LoadedModel(fixture.Recipe.ToGguf(), Catalog.All);
        var graphs = ModelGraphs.Of(model, fixture.Tokens.Length);
        var one = Trace.Run(graphs, fixture.Tokens, new RunMode(), "one batch");
        var two = Trace.Run(graphs, fixture.Tokens, new RunMode { BatchSize = fixture.Tokens.Length / 2 }, "two batches");
        var faults = new StringBuilder();
        foreach (var mutation in graphs.All.SelectMany(Mutation.Of))
        {
            Graph mutated;
            try
            {
                mutated = mutation.Apply();
            }
            catch (ArchGenException)
            {
                continue;
            }

            var wrong = graphs.With(mutation.Graph, mutated);
            var mode = new RunMode { Forgetful = mutation.IsForgetful ? mutation.Nodes : [], BatchSize = mutation.IsForgetful ? fixture.Tokens.Length / 2 : int.MaxValue };
            var report = TraceComparison.Compare(mutation.IsForgetful ? two : one, Trace.Run(wrong, fixture.Tokens, mode, "mutated"), Tolerance);
            if (report.First is not { } first || !MayBeFirst(mutation, mutated, first.Node)) faults.AppendLine($"{mutation}: found at {report.First?.Node.Name ?? "no node"}");
        }

        Assert.True(faults.Length == 0, $"{recipe}:\n{faults}");
    }

    [Theory]
    [MemberData(nameof(EagerTests.Recipes), MemberType = typeof(EagerTests))]
    public void The_runtime_computes_every_node_as_it_is_written(string recipe)
    {
        var fixture = ArchitectureFixture.Load(recipe);
        using var model = new LoadedModel(fixture.Recipe.ToGguf(), Catalog.All);
        var graphs = ModelGraphs.Of(model, fixture.Tokens.Length);
        var eager = Trace.RunEager(model, graphs, fixture.Tokens);
        foreach (var size in new[] { int.MaxValue, fixture.Tokens.Length / 2 })
        {
            var report = TraceComparison.Compare(Trace.Run(graphs, fixture.Tokens, new RunMode { BatchSize = size }, "run"), eager, Tolerance);
            Assert.True(report.First is null, $"{recipe}: {report.First}");
            Assert.Equal(0, report.Skipped);
            Assert.Equal(graphs.All.Sum(g => g.Nodes.Count(n => !n.IsLeaf)), report.Nodes.Count);
        }
    }

    [Theory]
    [MemberData(nameof(EagerTests.Recipes), MemberType = typeof(EagerTests))]
    public void A_dump_of_llama_cpp_shows_where_a_mutation_is(string recipe)
    {
        var fixture = ArchitectureFixture.Load(recipe);
        var dump = NodeDump.Open(SharedFixtures.Local($"architectures/{recipe}.nodes.tsv"));
        using var model = new LoadedModel(fixture.Recipe.ToGguf(), Catalog.All);
        var graphs = ModelGraphs.Of(model, fixture.Tokens.Length);
        var right = DumpComparison.Compare(Trace.Run(graphs, fixture.Tokens, new RunMode(), "right"), dump, 1e-4);
        var log = new StringBuilder($"{recipe}\tright: {right.First} of {right.Nodes.Count} skipped {right.Skipped}\n");
        foreach (var mutation in graphs.All.SelectMany(Mutation.Of).Where(m => !m.IsForgetful))
        {
            var mutated = mutation.Apply();
            var report = DumpComparison.Compare(Trace.Run(graphs.With(mutation.Graph, mutated), fixture.Tokens, new RunMode(), "mutated"), dump, 1e-4);
            var name = report.First?.Node.Name;
            log.AppendLine($"{recipe}\t{(name == mutation.Nodes[0].Name ? "same" : "other")}\t{mutation.Name}\t{string.Join(",", mutation.Nodes.Select(n => n.Name))}\t{name}\t{report.First?.Counterpart}\t{report.First?.Error:E1}");
        }

        File.AppendAllText("/tmp/dump.tsv", log.ToString());
    }

    // The node itself; or, where the mutation leaves it out, one that reads it.
    private static bool MayBeFirst(Mutation mutation, Graph mutated, Node first)
    {
        var node = mutation.Nodes[0];
        if (first == node) return true;
        return !mutated.Nodes.Any(n => n.Name == node.Name) && first.Inputs.Contains(node);
    }
}
