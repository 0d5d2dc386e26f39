using System.Text;
using ArchGen.Architectures;
using ArchGen.Eager;
using ArchGen.Fixtures;
using ArchGen.Generation;
using ArchGen.Sabotage;

namespace ArchGen.EndToEnd.Tests.Architectures;

/// <summary>The numeric check is worth something: each way to get an architecture wrong turns it red.</summary>
public sealed class SabotageTests
{
    public static TheoryData<string> Recipes => [.. ArchitectureFixture.NamesWithDifferences];

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Each_mutation_turns_the_check_red(string recipe)
    {
        var fixture = ArchitectureFixture.Load(recipe);
        using var model = new LoadedModel(fixture.Recipe.ToGguf(), Catalog.All);
        var check = new SabotageCheck(model, fixture.Recipe.Tokens, fixture.Recipe.Expected, threads: 1);
        var faults = new StringBuilder();
        var count = 0;
        foreach (var mutation in check.Mutations)
        {
            count++;
            var result = check.Run(mutation);
            var isExcused = fixture.Recipe.BlindSpots.Any(spot => spot.Mutation == mutation.Name && spot.Place == mutation.Place);
            if ((result.CaughtBy is SabotageCatch.Nothing or SabotageCatch.WithoutEffect) != isExcused) faults.AppendLine($"{mutation}: NMSE {result.Error:E2}, caught by {result.CaughtBy}");
        }

        Assert.True(faults.Length == 0, $"{recipe}, held to {check.Tolerance:E0}:\n{faults}");
        Assert.All(fixture.Recipe.BlindSpots, spot => Assert.Contains(check.Mutations, m => m.Name == spot.Mutation && m.Place == spot.Place));
        Assert.True(count > 20, $"{recipe}: only {count} mutations");
    }

    /// <summary>Operations that only rearrange, whose mistakes are shapes, or whose mistakes are another's: a sum is what something is divided by.</summary>
    private static readonly Op[] WithoutMutation = [Op.GetRows, Op.HeadLinear, Op.Heads, Op.Flatten, Op.Sum];

    [Fact]
    public void Every_operation_that_is_used_can_be_wrong()
    {
        var used = new HashSet<Op>();
        var mutated = new HashSet<Op>();
        foreach (var recipe in ArchitectureFixture.NamesWithDifferences)
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
        var error = model.Error(new GraphInterpreter(model.File));
        Assert.True(error <= Tolerance.Of(recipe), $"{recipe}: NMSE {error:E2}");
    }

    /// <summary>What separates the exact T5 from the reference is the reference's table of GELU in half precision, which its unscaled attention magnifies.</summary>
    [Fact]
    public void With_GELU_rounded_as_the_reference_rounds_it_T5_is_within_1e_6()
    {
        using var model = new RecipeModel("t5");
        var interpreter = new GraphInterpreter(model.File)
        {
            Before = step => step.Node.Op == Op.GeluTanh ? step with { Inputs = [Rounded(step.Inputs[0]!)] } : step,
            After = (node, result) => node.Op == Op.GeluTanh ? Rounded(result) : result,
        };
        var error = model.Error(interpreter);
        Assert.True(error <= 1e-6, $"NMSE {error:E2}");
    }

    private static Operand Rounded(Operand x) => new(Array.ConvertAll(x.Values, v => (float)(Half)v), x.Dims);
}
