using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ArchGen.Fixtures;
using ArchGen.Runtime.Execution;
using ArchGen.Tools.Mutations;
using ArchGen.Tools.Recipes;

namespace ArchGen.Testing.Tests;

/// <summary>Logits against an author's, and what a failure says.</summary>
public sealed class LogitsCheckTests
{
    private const string Quill = "../../docs/tutorial/quill";

    private static readonly string LlamaRecipe = SharedFixtures.Local("architectures/llama.json");

    private static int[] Tokens => JsonSerializer.Deserialize<int[]>(File.ReadAllText(Path.Combine(SharedFixtures.Root, "docs/tutorial/quill/tokens.json")))!;

    [Fact]
    public void A_checkpoint_gives_its_authors_logits()
    {
        using var model = TestedModel.Open<Quill>(Quill);
        LogitsCheck.Verify(model, Tokens, Quill + "/logits.f32");
        ForwardCheck.Verify(model, Tokens);
    }

    /// <summary>A checkpoint as published, with what transformers computes for it.</summary>
    [Fact]
    public void A_checkpoint_gives_the_logits_of_transformers()
    {
        using CheckpointFolder checkpoint = new("llama-mha");
        using var model = TestedModel.Open<Llama>(checkpoint.Path);
        int[] tokens = [.. checkpoint.ReadExpected().GetProperty("tokens").EnumerateArray().Select(token => token.GetInt32())];
        LogitsCheck.Verify(model, tokens, Path.Combine(checkpoint.Fixture, "logits.f32"));
    }

    [Fact]
    public void A_recipe_gives_its_recorded_results()
    {
        using var model = TestedModel.Open<Llama>(LlamaRecipe);
        LogitsCheck.Verify(model, model.Recipe!.Tokens, model.Recipe.Expected!);
        LogitsCheck.Verify(model, model.Recipe.Tokens, Path.ChangeExtension(LlamaRecipe, ".logits.bin"));
    }

    [Fact]
    public void A_safetensors_file_may_hold_them()
    {
        using TemporaryFolder folder = new();
        using var model = TestedModel.Open<Llama>(LlamaRecipe);
        var (tokens, expected) = (model.Recipe!.Tokens, model.Recipe.Expected!);
        long[] shape = [tokens.Count, expected.Length / tokens.Count];
        File.WriteAllBytes(folder.File("one.safetensors"), SafetensorsBytes.Of([("hidden", [1], [0]), ("logits", shape, expected)]));
        LogitsCheck.Verify(model, tokens, folder.File("one.safetensors"));
        File.WriteAllBytes(folder.File("two.safetensors"), SafetensorsBytes.Of([("a", [1], [0]), ("b", [1], [0])]));
        var error = Assert.Throws<ModelFileException>(() => LogitsCheck.Verify(model, tokens, folder.File("two.safetensors")));
        Assert.EndsWith("has 2 tensors and none is named logits. Name the model's result so.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_names_the_worst_rows()
    {
        using var model = TestedModel.Open<Llama>(LlamaRecipe);
        var (tokens, expected) = (model.Recipe!.Tokens, (float[])model.Recipe.Expected!.Clone());
        var width = expected.Length / tokens.Count;
        expected[(5 * width) + 7] += 1;
        var message = Message(() => LogitsCheck.Verify(model, tokens, expected));
        Assert.StartsWith("The logits are not the author's: NMSE ", message, StringComparison.Ordinal);
        Assert.Contains(" in one batch, wrong is what is above 1E-8.\n  row  token  NMSE ", message, StringComparison.Ordinal);
        Assert.Matches($@"\n    5  +{tokens[5]}  [0-9.]+E-[0-9]+  +\[7\]: -?[0-9.]+, expected ", message);
        Assert.EndsWith("name them in LogitsOptions.Dump: then the first node that parts is named.", message, StringComparison.Ordinal);
        LogitsCheck.Verify(model, tokens, expected, new LogitsOptions { Bound = 0.1 });
    }

    [Fact]
    public void Values_that_are_no_numbers_fail()
    {
        using var model = TestedModel.Open<Llama>(LlamaRecipe);
        var expected = (float[])model.Recipe!.Expected!.Clone();
        expected[3] = float.NaN;
        Assert.Contains("[3]: ", Message(() => LogitsCheck.Verify(model, model.Recipe.Tokens, expected)), StringComparison.Ordinal);
    }

    /// <summary>The rotation is wrong, and llama.cpp's dump of the right model is at hand.</summary>
    [Fact]
    public void A_failure_names_the_first_node_that_parts_from_a_dump()
    {
        var text = File.ReadAllText(LlamaRecipe);
        var other = text.Replace("\"metadata\": [", "\"metadata\": [[\"llama.rope.freq_base\", \"f32\", 500.0], ", StringComparison.Ordinal);
        Assert.NotEqual(text, other);
        var recorded = ModelRecipe.Open(LlamaRecipe);
        using var model = TestedModel.Of<Llama>(ModelRecipe.Parse("llama", "llama.json", Encoding.UTF8.GetBytes(other), results: null));
        var options = new LogitsOptions { Dump = "../Fixtures/architectures/llama.nodes.tsv" };
        var message = Message(() => LogitsCheck.Verify(model, recorded.Tokens, recorded.Expected!, options));
        Assert.Contains("\nblk.0.attn_q (rope) diverges from llama.nodes.tsv, in one batch\n  operation  rope [", message, StringComparison.Ordinal);
        Assert.Contains("\n  declared   ", message, StringComparison.Ordinal);
        Assert.Contains(" nodes before it agree", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Results_of_another_size_say_so()
    {
        using var model = TestedModel.Open<Llama>(LlamaRecipe);
        var tokens = model.Recipe!.Tokens;
        Assert.EndsWith($"Record one sequence, with the same {tokens.Count} tokens.",
            Message(() => LogitsCheck.Verify(model, tokens, new float[10])), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_are_not_there_say_so()
    {
        using var model = TestedModel.Open<Llama>(LlamaRecipe);
        var error = Assert.Throws<ModelFileException>(() => LogitsCheck.Verify(model, model.Recipe!.Tokens, "nowhere.f32"));
        Assert.Contains("nowhere.f32 is not there, expected the logits", error.Message, StringComparison.Ordinal);
        Assert.ThrowsAny<ArchGenException>(() => TestedModel.Open<Llama>("nowhere.gguf"));
        Assert.ThrowsAny<ArchGenException>(() => TestedModel.Open<Qwen3>(LlamaRecipe));
    }

    /// <summary>A graph with a mistake is not what Forward computes; the node is named.</summary>
    [Fact]
    public void A_graph_that_is_not_as_written_is_found()
    {
        using var model = TestedModel.Random<Qwen3>();
        var tokens = model.Recipe!.Tokens;
        var graphs = ModelGraphs.Of(model.Loaded, tokens.Count);
        var mutation = Mutation.Of(graphs.Main).First(m => m is { Name: "norm dropped" } && m.Nodes[0].Name == "blk.2.ffn_norm");
        var message = Message(() => ForwardCheck.Verify(model, graphs.With(graphs.Main, mutation.Apply()), tokens));
        Assert.StartsWith("The graph is not what Forward computes.\nblk.2.ffn_", message, StringComparison.Ordinal);
    }

    private static string Message(Action check) => Assert.Throws<CheckFailedException>(check).Message;
}
