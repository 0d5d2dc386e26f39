using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ArchGen.Architectures;
using ArchGen.Fixtures;
using ArchGen.Graphs;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Recipes;

namespace ArchGen.EndToEnd.Tests.Conversion;

/// <summary>
/// A checkpoint with the names, shapes and keys that an architecture's declaration states converts to the recipe's model: the same tensors and the same
/// graph, whose logits other tests compare with the recorded ones. It proves that names and shapes fit one another, not that an author has them so.
/// </summary>
public sealed partial class RoundTripTests
{
    // What checkpoints do not have: scales of quantized files, and factors that follow from config.json.
    private static readonly string[] OfFiles = [".scale", "rope_freqs.weight", "rope_factors_long.weight", "rope_factors_short.weight"];

    /// <summary>What config.json has where the source of a key is an expression.</summary>
    private static readonly Dictionary<string, string> Stated = new()
    {
        ["chatglm"] = """{"partial_rotary_factor": 1.0}""",
        ["chatglm-rich"] = "{}",
        ["glm4"] = """{"partial_rotary_factor": 0.5}""",
        ["minicpm3"] = """{"qk_nope_head_dim": 16, "qk_rope_head_dim": 8, "scale_depth": 1.4}""",
        ["nemotron-bias"] = """{"partial_rotary_factor": 0.5}""",
        ["nemotron-rich"] = """{"partial_rotary_factor": 0.5}""",
        ["neo-bert"] = """{"intermediate_size": 144}""",
        ["plamo"] = """{"n_shared_head": 2}""",
        ["plamo-rich"] = """{"n_shared_head": 8}""",
        ["plm"] = """{"qk_nope_head_dim": 16, "qk_rope_head_dim": 8}""",
    };

    /// <summary>Recipes that no checkpoint of the class can have, or whose conversion numbering the elements does not undo, by the reason.</summary>
    private static readonly Dictionary<string, string[]> NotCovered = new()
    {
        ["the constants are tensors of the checkpoint; a fixture proves them"] =
            ["apertus", "apertus-rich", "jais", "jais-heads", "jais-rich"],
        ["rounding cannot be undone"] =
            ["bitnet", "bitnet-rich"],
        ["a fixture has the layout: heads by turns, or two tensors in one module"] =
            [
                "bert-fused", "bloom", "codeshell", "codeshell-rich", "deepseek2", "deepseek2-temperature", "falcon", "gptneox", "mamba2", "qwen3next",
                "starcoder",
            ],
        ["a fixture has the config: these numbers follow from others in it"] =
            ["gemma2", "hunyuan-dense-rich", "minicpm", "minicpm-moe", "minicpm-rich", "mpt", "olmo-rich", "refact"],
        ["these numbers follow from lists in the config; LayerConfigTests reads them"] =
            ["deci", "openelm", "openelm-rich"],
        ["the class has no such models: windows, masks, sections and bases of RoPE, widths of values, layers that predict further tokens"] =
            [
                "exaone4-rich", "exaone4-window", "glm4", "glm4-mrope", "llama", "llama-embed", "llama-embed-moe", "llama-moe", "neo-bert", "neo-bert-rich",
                "plamo3-rich",
            ],
    };

    public static TheoryData<string> Recipes =>
    [
        .. ArchitectureFixture.All.Where(n => !NotCovered.Values.Any(names => names.Contains(n)) && File.Exists(PathOf(n)) && IsClaimed(n)),
    ];

    [Theory]
    [MemberData(nameof(Recipes))]
    public void A_checkpoint_of_the_recipe_converts_to_it(string name)
    {
        var recipe = Recipe(name);
        var architecture = Catalog.All.Single(a => a.Name == recipe.Architecture);
        using var model = new LoadedModel(recipe.ToGguf(), Catalog.All);
        var stated = JsonNode.Parse(Stated.GetValueOrDefault(name) ?? Stated.GetValueOrDefault(recipe.Architecture) ?? "{}")!.AsObject();
        var checkpoint = new RecipeCheckpoint(architecture, model, stated);
        checkpoint.Fill();
        var (converted, source) = checkpoint.Convert();
        Assert.Equal(Graph(model.Model), Graph(converted));
        Assert.All(checkpoint.Names(source), tensor =>
            Assert.True(ArchitectureFixture.NormalizedError(model.Source.Read(tensor), source.Read(tensor)) < 1e-13, tensor));
    }

    /// <summary>Each name in <see cref="NotCovered"/> is a recipe's, and more than 70 recipes are covered.</summary>
    [Fact]
    public void Exceptions_are_of_recipes()
    {
        Assert.All(NotCovered.Values.SelectMany(n => n), name => Assert.True(File.Exists(PathOf(name)), name));
        Assert.True(Recipes.Count > 70, $"only {Recipes.Count} recipes");
    }

    private static string PathOf(string name) => SharedFixtures.Local($"architectures/{name}.json");

    private static bool IsClaimed(string name) =>
        Catalog.All.Single(a => a.Name == ArchitectureFixture.Load(name).Architecture).HuggingFaceClasses.Count > 0;

    /// <summary>The graph; without scaling of RoPE the context before it does not matter.</summary>
    private static string Graph(Model model) => OriginalContext().Replace(GraphText.Print(model.BuildGraph()), "");

    private static ModelRecipe Recipe(string name)
    {
        var path = PathOf(name);
        var recipe = JsonNode.Parse(File.ReadAllText(path))!;
        Remove("tensors", row => OfFiles.Any(ending => row.EndsWith(ending, StringComparison.Ordinal)));
        Remove("metadata", key => key.Contains(".rope.scaling.", StringComparison.Ordinal));
        var weights = Path.ChangeExtension(path, ".weights.bin");
        return ModelRecipe.Parse(
            name, path, Encoding.UTF8.GetBytes(recipe.ToJsonString()), null, File.Exists(weights) ? File.ReadAllBytes(weights) : null);

        void Remove(string list, Func<string, bool> isRemoved)
        {
            foreach (var row in recipe[list]!.AsArray().Where(r => isRemoved($"{r![0]}")).ToList()) recipe[list]!.AsArray().Remove(row);
        }
    }

    [GeneratedRegex("originalContext = [0-9]+, ")]
    private static partial Regex OriginalContext();
}
