using ArchGen.Cpu.Execution;
using ArchGen.EndToEnd.Tests.Cli;
using ArchGen.Fixtures;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Mutations;
using ArchGen.Tools.Recipes;

namespace ArchGen.Tutorial.Tests.WrongPorts;

/// <summary>
/// Ports with one mistake each, declared beside this file, against the results that are recorded for the right architecture. A port is called
/// <c>wrong-RECIPE-MISTAKE</c>; <c>right-RECIPE</c> is the same without a mistake.
/// </summary>
public sealed class WrongPortTests
{
    private const string Wrong = "wrong-", Right = "right-";

    private static readonly string[] Recipes = [.. ArchitectureFixture.All.OrderByDescending(name => name.Length)];

    public static TheoryData<string> WrongPorts => [.. Named(Wrong)];

    public static TheoryData<string> RightPorts => [.. Named(Right)];

    [Theory]
    [MemberData(nameof(WrongPorts))]
    public void A_wrong_port_is_red(string port)
    {
        using TemporaryFolder folder = new();
        var path = RecipeOf(port, folder);
        var recipe = ModelRecipe.Open(path);
        using (var model = new LoadedModel(recipe.ToGguf(), Catalog.All))
        {
            Assert.Throws<ModelFileException>(() => new SabotageCheck(model, recipe.Tokens, recipe.Recorded, CpuBackend.Exact()));
        }

        var run = Archgen.Run("mutation-test", "--recipe", path);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(
            recipe.Recorded!.Difference is null ? "the model does not give the recorded results" : "the recipe states that its results are another model's",
            run.Error, StringComparison.Ordinal);
        Assert.Equal("", run.Out);
    }

    [Theory]
    [MemberData(nameof(RightPorts))]
    public void The_same_without_a_mistake_is_green(string port)
    {
        using TemporaryFolder folder = new();
        var run = Archgen.Run("mutation-test", "--recipe", RecipeOf(port, folder));
        Assert.True(run.ExitCode == 0, run.Out + run.Error);
    }

    [Fact]
    public void Each_wrong_port_has_a_right_one()
    {
        var wrong = Named(Wrong).ToList();
        Assert.True(wrong.Count >= 23, $"only {wrong.Count} wrong ports");
        Assert.Equal(wrong.Select(NameOf).Distinct().Order(StringComparer.Ordinal), Named(Right).Select(NameOf).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Named(string kind) => Catalog.All.Select(a => a.Name).Where(name => name.StartsWith(kind, StringComparison.Ordinal));

    /// <summary>The recipe of the right architecture, given to a port.</summary>
    private static string RecipeOf(string port, TemporaryFolder folder)
    {
        var name = NameOf(port);
        var source = ArchitectureFixture.Load(name).PathOf(".json");
        var architecture = ModelRecipe.Open(source).Architecture;
        var text = File.ReadAllText(source).Replace($"\"{architecture}\"", $"\"{port}\"", StringComparison.Ordinal)
            .Replace($"\"{architecture}.", $"\"{port}.", StringComparison.Ordinal);
        var path = folder.File(port + ".json");
        File.WriteAllText(path, text);
        File.Copy(Path.ChangeExtension(source, ".logits.bin"), Path.ChangeExtension(path, ".logits.bin"));
        return path;
    }

    /// <summary>The longest name of a recipe that a port's goes on with.</summary>
    private static string NameOf(string port) =>
        Recipes.First(recipe => $"{port[(port.IndexOf('-') + 1)..]}-".StartsWith(recipe + "-", StringComparison.Ordinal));
}
