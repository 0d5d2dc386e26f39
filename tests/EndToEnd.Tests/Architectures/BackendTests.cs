using ArchGen.Architectures;
using ArchGen.Cpu.Execution;
using ArchGen.Eager;
using ArchGen.Fixtures;
using ArchGen.Graphs;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;

namespace ArchGen.EndToEnd.Tests.Architectures;

/// <summary>One plan on several backends: each alone, and the nodes of one graph on both, with values that cross between them.</summary>
public sealed class BackendTests
{
    private const double Exact = 1e-8;

    private static readonly CpuBackend Cpu = CpuBackend.Exact(2);
    private static readonly EagerBackend Eager = new();

    [Theory]
    [MemberData(nameof(CoveringRecipes.Data), MemberType = typeof(CoveringRecipes))]
    public void The_eager_backend_computes_what_the_processor_does(string recipe) =>
        Compare(recipe, new RunMode { Backend = Eager });

    [Theory]
    [MemberData(nameof(CoveringRecipes.Data), MemberType = typeof(CoveringRecipes))]
    public void Blocks_may_alternate_between_backends(string recipe) =>
        Compare(recipe, new RunMode { Backend = Cpu, Placement = node => node.Name.Contains("blk.0", StringComparison.Ordinal) ? Eager : null });

    [Theory]
    [MemberData(nameof(CoveringRecipes.Data), MemberType = typeof(CoveringRecipes))]
    public void Any_node_may_be_on_either_backend(string recipe) => Compare(recipe, new RunMode { Backend = Cpu, Placement = Scattered });

    [Fact]
    public void An_operation_that_forgets_what_it_should_carry_is_wrong_in_two_batches()
    {
        var fixture = ArchitectureFixture.Load("llama");
        using var model = new LoadedModel(fixture.Recipe.ToGguf(), Catalog.All);
        var graphs = ModelGraphs.Of(model, fixture.Tokens.Length);
        var mode = new RunMode { Backend = Cpu, Placement = node => node.Op == Op.Attention ? new EagerBackend { DropsState = true } : null };
        Assert.True(ArchitectureFixture.NormalizedError(fixture.Expected, graphs.Run(fixture.Tokens, mode)) <= Exact);
        Assert.True(
            ArchitectureFixture.NormalizedError(fixture.Expected, graphs.Run(fixture.Tokens, mode with { BatchSize = fixture.Tokens.Length / 2 })) > 1e-4);
    }

    // About half of all nodes, whatever they are.
    private static IBackend? Scattered(Node node) => node.Name.Sum(c => c) % 2 == 0 ? Eager : null;

    private static void Compare(string recipe, RunMode mode)
    {
        var fixture = ArchitectureFixture.Load(recipe);
        using var model = new LoadedModel(fixture.Recipe.ToGguf(), Catalog.All);
        var graphs = ModelGraphs.Of(model, fixture.Tokens.Length);
        var right = graphs.Run(fixture.Tokens, new RunMode { Backend = Cpu });
        int[] sizes = graphs.IsBidirectional ? [int.MaxValue] : [int.MaxValue, (fixture.Tokens.Length + 1) / 2, 1];
        foreach (var size in sizes)
        {
            var error = ArchitectureFixture.NormalizedError(right, graphs.Run(fixture.Tokens, mode with { BatchSize = size }));
            Assert.True(error <= Exact, $"{recipe}, at most {size} tokens at once: NMSE {error}");
        }
    }
}
