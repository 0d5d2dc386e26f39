using System.Text;
using ArchGen.Architectures;
using ArchGen.Cpu.Execution;
using ArchGen.Fixtures;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Mutations;
using ArchGen.Tools.Recipes;

namespace ArchGen.EndToEnd.Tests.Architectures;

/// <summary>The numeric check is worth something: each way to get an architecture wrong turns it red.</summary>
public sealed class SabotageTests
{
    public static TheoryData<string> Recipes => [.. ArchitectureFixture.Richest];

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Each_mutation_turns_the_check_red(string recipe)
    {
        var fixture = ArchitectureFixture.Load(recipe);
        using var model = new LoadedModel(fixture.Recipe.ToGguf(), Catalog.All);
        var check = new SabotageCheck(model, fixture.Recipe.Tokens, fixture.Recipe.Recorded, CpuBackend.Exact());
        var faults = new StringBuilder();
        var count = 0;
        foreach (var mutation in check.Mutations)
        {
            count++;
            var result = check.Run(mutation);
            var isExcused = fixture.Recipe.BlindSpots.Any(spot => spot.Mutation == mutation.Name && spot.Place == mutation.Place);
            if ((result.CaughtBy is SabotageCatch.Nothing or SabotageCatch.WithoutEffect) != isExcused)
            {
                faults.AppendLine($"{mutation}: NMSE {result.Error:E2}, caught by {result.CaughtBy}");
            }
        }

        Assert.True(faults.Length == 0, $"{recipe}, held to {check.Tolerance:E0}:\n{faults}");
        Assert.All(fixture.Recipe.BlindSpots, spot => Assert.Contains(check.Mutations, m => m.Name == spot.Mutation && m.Place == spot.Place));
        Assert.True(count >= 18, $"{recipe}: only {count} mutations");
    }

    /// <summary>Operations that only rearrange, whose mistakes are shapes, or whose mistakes are another's: a sum is what something is divided by.</summary>
    private static readonly Op[] WithoutMutation = [Op.GetRows, Op.HeadLinear, Op.Heads, Op.Flatten, Op.RepeatHeads, Op.Sum];

    [Fact]
    public void Every_operation_that_is_used_can_be_wrong()
    {
        var used = new HashSet<Op>();
        var mutated = new HashSet<Op>();
        foreach (var recipe in ArchitectureFixture.All)
        {
            using var model = new RecipeModel(recipe);
            used.UnionWith(model.Graphs.SelectMany(g => g.Nodes).Where(n => !n.IsLeaf).Select(n => n.Op));
            mutated.UnionWith(model.Graphs.SelectMany(Mutation.Of).SelectMany(m => m.Nodes).Select(n => n.Op));
        }

        Assert.Equal(WithoutMutation.Order(), used.Except(mutated).Order());
    }

    [Theory]
    [MemberData(nameof(EagerTests.Recipes), MemberType = typeof(EagerTests))]
    public void Without_a_mistake_the_graph_is_green(string recipe)
    {
        using var model = new RecipeModel(recipe);
        var error = model.Error(model.Interpreter);
        Assert.True(error <= Tolerance.Of(recipe), $"{recipe}: NMSE {error:E2}");
    }

    /// <summary>The bar follows from the operations, and from what the recipe states of the reference; never from a result.</summary>
    [Theory]
    [InlineData("llama", null, 1e-8)]
    [InlineData("gpt2", null, 1e-6)]
    [InlineData("gpt2", GeluPrecision.F16Table, 1e-6)]
    [InlineData("gpt2", GeluPrecision.Exact, 1e-8)]
    [InlineData("gpt-oss", null, 1e-6)]
    public void The_bar_follows_from_the_operations(string recipe, GeluPrecision? gelu, double bar)
    {
        using var model = new RecipeModel(recipe);
        Assert.Equal(bar, (model.Fixture.Recipe.Recorded! with { Gelu = gelu }).Tolerance(model.Graphs));
    }

    /// <summary>Results a little beside the bar are red: neither is the bar widened, nor is the record said to be another model's.</summary>
    [Theory]
    [InlineData("llama", 2e-8)]
    [InlineData("llama", 1e-5)]
    [InlineData("llama", 1e-2)]
    [InlineData("gpt2", 2e-6)]
    [InlineData("mamba2", 2e-8)]
    [InlineData("starcoder2", 1e-2)]
    public void Other_results_than_the_recorded_are_red(string recipe, double distance)
    {
        var fixture = ArchitectureFixture.Load(recipe);
        using var model = new LoadedModel(fixture.Recipe.ToGguf(), Catalog.All);
        _ = new SabotageCheck(model, fixture.Tokens, fixture.Recipe.Recorded, CpuBackend.Exact());
        var others = Array.ConvertAll(fixture.Expected, v => v * (float)(1 + Math.Sqrt(distance)));
        var error = Assert.Throws<ModelFileException>(() =>
            new SabotageCheck(model, fixture.Tokens, fixture.Recipe.Recorded! with { Values = others }, CpuBackend.Exact()));
        Assert.Contains(
            recipe == "starcoder2" ? "the recipe states that its results are another model's" : "the model does not give the recorded results",
            error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_difference_that_is_not_there_is_red()
    {
        var fixture = ArchitectureFixture.Load("llama");
        using var model = new LoadedModel(fixture.Recipe.ToGguf(), Catalog.All);
        var stated = fixture.Recipe.Recorded! with { Difference = new StatedDifference(0.5, "no window") };
        Assert.Contains("at NMSE 0.5 (no window); they are at ",
            Assert.Throws<ModelFileException>(() => new SabotageCheck(model, fixture.Tokens, stated, CpuBackend.Exact())).Message, StringComparison.Ordinal);
    }
}
