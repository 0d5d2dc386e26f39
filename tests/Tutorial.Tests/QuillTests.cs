using System.Runtime.InteropServices;
using System.Text.Json;
using ArchGen.Cpu.Execution;
using ArchGen.EndToEnd.Tests.Cli;
using ArchGen.Fixtures;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Sampling;
using ArchGen.Tools.Mutations;
using ArchGen.Tools.Recipes;

namespace ArchGen.Tutorial.Tests;

/// <summary>Quill, declared in docs/tutorial/Quill.cs, converted and run, against its author's PyTorch model in double precision.</summary>
public sealed class QuillTests : IDisposable
{
    private const double Bar = 1e-8;

    private readonly TemporaryFolder _folder = new();
    private readonly string _file;
    private readonly LoadedModel _model;

    public QuillTests()
    {
        _file = _folder.File("quill.gguf");
        var run = Archgen.Run("convert", Tutorial.Checkpoint(), "--outfile", _file);
        Assert.True(run.ExitCode == 0, run.Error);
        _model = LoadedModel.Open(_file, Catalog.All);
    }

    private static int[] Tokens => Ids(Read("tokens.json"));

    private static float[] Logits => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Tutorial.Checkpoint("logits.f32"))).ToArray();

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData]
    [InlineData("--ubatch", "7")]
    [InlineData("--ubatch", "1")]
    [InlineData("--eager")]
    public void Logits_are_the_authors(params string[] options)
    {
        var error = NormalizedError.Of(Logits, Archgen.Logits(_folder.Path, _file, Tokens, options));
        Assert.True(error <= Bar, $"NMSE {error:E2}");
    }

    [Fact]
    public void Greedy_texts_are_the_authors()
    {
        foreach (var run in Read("greedy.json").GetProperty("runs").EnumerateArray())
        {
            int[] prompt = Ids(run.GetProperty("prompt_tokens")), expected = Ids(run.GetProperty("tokens"));
            Assert.Equal(prompt, _model.Tokenizer.Encode(run.GetProperty("prompt").GetString()!, addSpecial: false, parseSpecial: true));
            using var generator = new TextGenerator(_model, new CpuBackend(), new GenerationOptions
            {
                MaxTokens = expected.Length,
                CacheType = CacheType.F32,
                Sampling = new SamplerOptions { Temperature = 0 },
            });
            Assert.Equal(expected, generator.Generate(prompt).Select(t => t.Id));
            Assert.Equal(run.GetProperty("text").GetString(), _model.Tokenizer.Decode(expected, special: true));
        }
    }

    /// <summary>The recorded logits of 40 tokens see every mistake but one: the window is longer.</summary>
    [Fact]
    public void The_authors_logits_see_each_mistake_but_that_of_the_window()
    {
        var check = new SabotageCheck(_model, Tokens, new RecordedResults(Logits) { Gelu = GeluPrecision.Exact }, CpuBackend.Exact(2));
        Assert.True(check.IsHeldToRecord);
        Assert.Equal(["window dropped"], Missed(check));
    }

    /// <summary>The author's longest text, which is longer than the window, sees that too.</summary>
    [Fact]
    public void A_long_text_sees_each_mistake()
    {
        var longest = Read("greedy.json").GetProperty("runs").EnumerateArray()
            .Select(run => (int[])[.. Ids(run.GetProperty("prompt_tokens")), .. Ids(run.GetProperty("tokens"))]).MaxBy(t => t.Length)!;
        Assert.True(longest.Length > 64);
        Assert.Equal([], Missed(new SabotageCheck(_model, longest, null, CpuBackend.Exact(2))));
    }

    [Fact]
    public void A_kind_of_layer_that_is_not_declared_is_named()
    {
        foreach (var file in Directory.GetFiles(Tutorial.Checkpoint())) File.Copy(file, _folder.File(Path.GetFileName(file)));
        var config = _folder.File("config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"full\"", "\"dilated\"", StringComparison.Ordinal));
        var run = Archgen.Run("convert", _folder.Path, "--outfile", _folder.File("other.gguf"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("layer_types is 'dilated', expected one of full, sliding", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("other.gguf")));
    }

    /// <summary>The way of a port into the tree: its recipe is the model to the last bit, and is held to what the author's model computes.</summary>
    [Fact]
    public void A_recipe_with_the_authors_logits_is_a_test()
    {
        var path = _folder.File("quill.json");
        var made =
            Archgen.Run("recipe", _file, "--tokens-file", Tutorial.Checkpoint("tokens.json"), "--logits", Tutorial.Checkpoint("logits.f32"), "--output", path);
        Assert.True(made.ExitCode == 0, made.Error);
        var recipe = ModelRecipe.Open(path);
        Assert.Equal(GeluPrecision.Exact, recipe.Recorded!.Gelu);
        using var model = new LoadedModel(recipe.ToGguf(), Catalog.All);
        Assert.True(new SabotageCheck(model, recipe.Tokens, recipe.Recorded, CpuBackend.Exact(2)) is { IsHeldToRecord: true, Tolerance: Bar });
        Assert.All(_model.File.Tensors, tensor => Assert.Equal(_model.Source.Read(tensor.Name), model.Source.Read(tensor.Name)));
    }

    /// <summary>No recipe of Quill is known, so nothing has proven its port.</summary>
    [Fact]
    public void Convert_says_that_nothing_has_proven_it()
    {
        foreach (var (output, name) in new[] { (_file, _file), ("-", "MODEL") })
        {
            var run = Archgen.Run("convert", Tutorial.Checkpoint(), "--outfile", output);
            Assert.Equal(0, run.ExitCode);
            Assert.EndsWith(
                "\nNothing has proven quill yet: no recorded results are known for it. Compare it with what its author's model computes: "
                + $"archgen compare {name} logits.f32 --tokens 1,2,3\n", run.Error, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<string> Missed(SabotageCheck check) =>
        check.Mutations.Select(check.Run).Where(result => result.CaughtBy == SabotageCatch.Nothing).Select(result => result.Mutation.Name);

    private static JsonElement Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Tutorial.Checkpoint(file)));
        return document.RootElement.Clone();
    }

    private static int[] Ids(JsonElement list) => [.. list.EnumerateArray().Select(t => t.GetInt32())];
}
