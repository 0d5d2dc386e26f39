using System.Globalization;
using System.Text.Json;
using ArchGen.Architectures;
using ArchGen.Cpu.Execution;
using ArchGen.Fixtures;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Mutations;
using ArchGen.Tools.Recipes;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary><c>archgen recipe</c>: a model becomes a recipe, and the recipe that model.</summary>
public sealed class RecipeCommandTests : IDisposable
{
    private const string Prompt = "1,403,407,261,378";

    private readonly TemporaryFolder _folder = new();

    private static string Stories => SharedFixtures.Local("models/stories260K.gguf");

    private string Path => _folder.File("stories.json");

    public void Dispose() => _folder.Dispose();

    /// <summary>The rules, with their numbers, are found again in the weights.</summary>
    [Theory]
    [MemberData(nameof(CoveringRecipes.Data), MemberType = typeof(CoveringRecipes))]
    public void A_recipe_becomes_a_model_and_the_model_that_recipe(string name)
    {
        var fixture = ArchitectureFixture.Load(name);
        var first = fixture.WriteGguf(_folder.Path);
        var (second, again) = (_folder.File("second.json"), _folder.File("again.json"));
        Make(first, second);
        Assert.Equal(File.Exists(fixture.PathOf(".weights.bin")), File.Exists(_folder.File("second.weights.bin")));
        var recipe = ModelRecipe.Open(second);
        Assert.Equal(fixture.Architecture, recipe.Architecture);
        Assert.Equal(fixture.Tokens, recipe.Tokens);
        recipe.Save(_folder.File("second.gguf"));
        Assert.True(File.ReadAllBytes(first).AsSpan().SequenceEqual(File.ReadAllBytes(_folder.File("second.gguf"))), "the second model is another");
        Make(_folder.File("second.gguf"), again);
        Assert.Equal(File.ReadAllText(second), File.ReadAllText(again));

        void Make(string model, string path)
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(fixture.PathOf(".json")));
            var seed = json.RootElement.GetProperty("seed").GetUInt64().ToString(CultureInfo.InvariantCulture);
            var run = Archgen.Run("recipe", model, "--tokens", string.Join(',', fixture.Tokens), "--seed", seed, "--output", path);
            Assert.True(run.ExitCode == 0, run.Error);
            Assert.EndsWith(path + "\n", run.Out, StringComparison.Ordinal);
        }
    }

    /// <summary>Weights that no rule gives are kept, and the author's results beside them; the vocabulary is not.</summary>
    [Fact]
    public void A_trained_model_with_results_becomes_a_test()
    {
        var logits = Logits();
        var run = Archgen.Run("recipe", Stories, "--tokens", Prompt, "--logits", logits, "-o", Path);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(string.Concat(new[] { ".weights.bin", ".logits.bin", ".json" }.Select(ending => System.IO.Path.ChangeExtension(Path, ending) + "\n")),
            run.Out);
        Assert.Matches(@"^the model is at NMSE [0-9.]+E[-+][0-9]+ from logits\.f32, wrong is what is above 1E-8\.\n$", run.Error);
        var recipe = ModelRecipe.Open(Path);
        using var model = new LoadedModel(recipe.ToGguf(), Catalog.All);
        Assert.Equal(512, model.Model.Vocab);
        Assert.DoesNotContain(model.File.Metadata, entry => entry.Key.StartsWith("tokenizer.", StringComparison.Ordinal) && entry.Value.IsArray);
        Assert.True(new SabotageCheck(model, recipe.Tokens, recipe.Recorded, CpuBackend.Exact()).IsHeldToRecord);
    }

    [Fact]
    public void Results_that_the_model_does_not_give_are_told_and_stay_red()
    {
        var logits = Logits();
        var bytes = File.ReadAllBytes(logits);
        BitConverter.TryWriteBytes(bytes, BitConverter.ToSingle(bytes) + 1);
        File.WriteAllBytes(logits, bytes);
        var run = Archgen.Run("recipe", Stories, "--tokens", Prompt, "--logits", logits, "-o", Path);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains(", wrong is what is above 1E-8: the recipe's tests are red until the architecture is right.", run.Error, StringComparison.Ordinal);
        var mutated = Archgen.Run("mutation-test", "--recipe", Path);
        Assert.Equal(1, mutated.ExitCode);
        Assert.Contains("the model does not give the recorded results", mutated.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("expected the name of a recipe to write, which ends with .json", "-o", "recipe.txt")]
    [InlineData("say for which prompt", "-o", "recipe.json", "--logits", "LOGITS")]
    [InlineData(
        "expected 1536: 512 for each of 3 tokens. Record one sequence, with the same tokens.", "-o", "recipe.json", "--logits", "LOGITS", "--tokens", "1,2,3")]
    public void What_cannot_be_made_is_told(string message, params string[] arguments)
    {
        var run = Archgen.Run(
            ["recipe", Stories, .. arguments.Select(a => a == "LOGITS" ? Logits() : a.StartsWith("recipe", StringComparison.Ordinal) ? _folder.File(a) : a)]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path, "recipe.*"));
    }

    [Fact]
    public void Stored_weights_of_another_recipe_are_refused()
    {
        Assert.Equal(0, Archgen.Run("recipe", Stories, "-o", Path).ExitCode);
        var weights = System.IO.Path.ChangeExtension(Path, ".weights.bin");
        var bytes = File.ReadAllBytes(weights);
        foreach (var wrong in new[] { bytes[..^4], [.. bytes, 0, 0, 0, 0] })
        {
            File.WriteAllBytes(weights, wrong);
            Assert.Contains($"stories.weights.bin has {wrong.Length} bytes, expected ",
                Assert.Throws<ModelFileException>(() => ModelRecipe.Open(Path).ToGguf()).Message, StringComparison.Ordinal);
        }
    }

    private string Logits()
    {
        var path = _folder.File("logits.f32");
        Assert.Equal(0, Archgen.Run("logits", Stories, "--tokens", Prompt, "--output", path).ExitCode);
        return path;
    }
}
