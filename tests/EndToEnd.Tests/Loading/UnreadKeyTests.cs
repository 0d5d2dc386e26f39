using System.Text;
using ArchGen.Architectures;
using ArchGen.EndToEnd.Tests.Cli;
using ArchGen.EndToEnd.Tests.Conversion;
using ArchGen.Fixtures;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Recipes;

namespace ArchGen.EndToEnd.Tests.Loading;

/// <summary>Keys under the architecture's prefix that nobody reads are told when a file is loaded, and by inspect; published files are quiet.</summary>
public sealed class UnreadKeyTests
{
    public static TheoryData<string> Checkpoints => ConversionTests.All;

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Published_files_are_quiet(string name)
    {
        using var folder = new CheckpointFolder(name);
        var path = folder.File("out.gguf");
        var run = Archgen.Run("convert", folder.Path, "--outfile", path);
        Assert.True(run.ExitCode == 0, run.Error);
        using var model = LoadedModel.Open(path, Catalog.All);
        Assert.Equal([], model.UnreadKeys);
    }

    /// <summary>Small random models with the keys that published files of llama.cpp's converter have.</summary>
    [LargeFixtureFact("architectures-rich")]
    public void Files_of_llama_cpp_are_quiet()
    {
        var folder = SharedFixtures.FindLarge("architectures-rich")!;
        var told = new List<string>();
        var loaded = 0;
        foreach (var name in Directory.GetFiles(folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal))
        {
            // Some recorded results are one row for the whole prompt, which no recipe here has.
            var recipe = ModelRecipe.Parse(name, name + ".json", File.ReadAllBytes(Path.Combine(folder, name + ".json")), null);
            if (Catalog.All.All(a => a.Name != recipe.Architecture)) continue;
            try
            {
                using var model = new LoadedModel(recipe.ToGguf(), Catalog.All);
                told.AddRange(model.UnreadKeys.Select(key => $"{name}: {key.Key}"));
                loaded++;
            }
            catch (ArchGenException)
            {
                // A form of the architecture that is not declared.
            }
        }

        Assert.True(loaded > 30, $"only {loaded} recipes load");
        Assert.Equal([], told);
    }

    [Fact]
    public void A_misspelt_key_behind_a_default_is_told_with_the_one_that_is_meant()
    {
        using var folder = new TemporaryFolder();
        var file = Altered(folder, "qwen2moe-default", "qwen2moe.rope.freq_base", "qwen2moe.rope.freq_bas");
        const string told = "qwen2moe.rope.freq_bas (is qwen2moe.rope.freq_base meant?)";
        Assert.Contains("Not read: " + told, Archgen.Run("inspect", file).Out, StringComparison.Ordinal);
        var run = Archgen.Run("logits", file, "--tokens", "1,2", "--output", folder.File("logits.f32"));
        Assert.Equal(0, run.ExitCode);
        Assert.Equal($"archgen: {file}: the architecture does not read {told}; the author's model may compute something else.\n", run.Error);
    }

    [Theory]
    [InlineData("attention.causal", "bool", "false", false)]
    [InlineData("attention.causal", "bool", "true", false)]
    [InlineData("attention.clamp_kqv", "f32", "8", true)]
    [InlineData("attention.clamp_kqv", "f32", "0", false)]
    [InlineData("rope.scaling.finetuned", "bool", "true", false)]
    [InlineData("vision.block_count", "u32", "24", false)]
    public void What_is_off_or_has_no_effect_is_not_told(string key, string type, string value, bool isTold)
    {
        using var folder = new TemporaryFolder();
        var file = Altered(folder, "qwen2moe-default", "[\"tokenizer.ggml.model\"", $"[\"qwen2moe.{key}\", \"{type}\", {value}],\n[\"tokenizer.ggml.model\"");
        using var model = LoadedModel.Open(file, Catalog.All);
        Assert.Equal(isTold ? ["qwen2moe." + key] : [], model.UnreadKeys.Select(k => k.Key));
    }

    /// <summary>A recipe's model with a text of the recipe, which must be there, replaced by another.</summary>
    private static string Altered(TemporaryFolder folder, string recipe, string text, string replacement)
    {
        var json = File.ReadAllText(SharedFixtures.Local($"architectures/{recipe}.json"));
        Assert.Contains(text, json, StringComparison.Ordinal);
        var file = folder.File("altered.gguf");
        ModelRecipe.Parse(recipe, "altered.json", Encoding.UTF8.GetBytes(json.Replace(text, replacement, StringComparison.Ordinal)), null).Save(file);
        return file;
    }
}
