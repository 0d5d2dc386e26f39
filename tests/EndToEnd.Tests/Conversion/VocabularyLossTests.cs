using System.Text.Json.Nodes;
using ArchGen.EndToEnd.Tests.Cli;
using ArchGen.Fixtures;
using ArchGen.Gguf;

namespace ArchGen.EndToEnd.Tests.Conversion;

/// <summary>What the file cannot hold of a checkpoint's tokenizer is told when it is converted.</summary>
public sealed class VocabularyLossTests
{
    [Theory]
    [InlineData("qwen2")]
    [InlineData("llama-mha")]
    [InlineData("llama-tied-spm")]
    [InlineData("bert")]
    [InlineData("phi3")]
    public void A_token_beyond_the_vocabulary(string name)
    {
        using var folder = new CheckpointFolder(name);
        AddToken(folder, "<|beyond|>", 100_000);
        Assert.Contains("token \"<|beyond|>\" left out: the ids are beyond the vocabulary of", Convert(folder), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lstrip", "white space before them is theirs")]
    [InlineData("rstrip", "white space after them is theirs")]
    [InlineData("single_word", "within a word they are text")]
    public void White_space_and_words(string flag, string meaning)
    {
        using var folder = new CheckpointFolder("qwen3");
        Assert.DoesNotContain("GGUF has no key", Convert(folder), StringComparison.Ordinal);
        AddToken(folder, "<|tool|>", null, flag);
        Assert.Contains($"token \"<|tool|>\": GGUF has no key for \"{flag}\" ({meaning})", Convert(folder), StringComparison.Ordinal);
        Assert.DoesNotContain("GGUF has no key", Convert(folder, "--embed-tokenizer"), StringComparison.Ordinal);
    }

    /// <summary>NFC leaves tokens as they are, lower case does not.</summary>
    [Theory]
    [InlineData("qwen3", false)]
    [InlineData("bert", true)]
    public void A_token_that_is_looked_for_in_the_normalized_text(string name, bool isTold)
    {
        using var folder = new CheckpointFolder(name);
        AddToken(folder, "Foo", null, "normalized");
        Assert.Equal(isTold, Convert(folder).Contains("token \"Foo\": GGUF has no key for \"normalized\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Markers_of_Phi_3_under_another_name()
    {
        using var folder = new CheckpointFolder("phi3");
        Assert.Contains("\"<|assistant|>\"", Convert(folder, "--model-name", "My-Finetune"), StringComparison.Ordinal);
        Assert.DoesNotContain("\"<|assistant|>\"", Convert(folder, "--model-name", "Phi-3-mini"), StringComparison.Ordinal);
    }

    [Fact]
    public void Further_end_tokens()
    {
        using var folder = new CheckpointFolder("qwen3");
        File.WriteAllText(folder.File("generation_config.json"), """{"eos_token_id": [40, 41, 42], "stop_strings": ["###"]}""");
        var error = Convert(folder);
        // <|im_end|> ends a turn by its text.
        using var file = GgufFile.Open(folder.File("out.gguf"));
        Assert.Equal(41u, file.Metadata["tokenizer.ggml.eot_token_id"].AsUInt32());
        Assert.Equal(40u, file.Metadata["tokenizer.ggml.eom_token_id"].AsUInt32());
        Assert.Contains("tokenizer.ggml.eom_token_id = 40 is written: generation_config.json ends a text at token 40", error, StringComparison.Ordinal);
        Assert.Contains("generation_config.json ends a text at token 42", error, StringComparison.Ordinal);
        Assert.Contains("stops at the texts [\"###\"]", error, StringComparison.Ordinal);
    }

    private static string Convert(CheckpointFolder folder, params string[] options)
    {
        var run = Archgen.Run(["convert", folder.Path, "--outfile", folder.File("out.gguf"), .. options]);
        Assert.True(run.ExitCode == 0, run.Error);
        return run.Error;
    }

    private static JsonObject Tokenizer(CheckpointFolder folder) => JsonNode.Parse(File.ReadAllText(folder.File("tokenizer.json")))!.AsObject();

    /// <summary>
    /// Adds a token to tokenizer.json, or, where there is none, to tokenizer_config.json; without an id, in the place of the last of the vocabulary.
    /// </summary>
    private static void AddToken(CheckpointFolder folder, string text, int? id, string? flag = null)
    {
        var token = new JsonObject { ["content"] = text, ["special"] = true };
        if (flag is not null) token[flag] = true;
        var size = (int)JsonNode.Parse(File.ReadAllText(folder.File("config.json")))!["vocab_size"]!;
        if (File.Exists(folder.File("tokenizer.json")))
        {
            var tokenizer = Tokenizer(folder);
            token["id"] = id ?? size - 1;
            var added = (tokenizer["added_tokens"] ??= new JsonArray()).AsArray();
            added.RemoveAll(other => (int)other!["id"]! == (int)token["id"]!);
            added.Add(token);
            File.WriteAllText(folder.File("tokenizer.json"), tokenizer.ToJsonString());
            return;
        }

        var file = folder.File("tokenizer_config.json");
        var config = File.Exists(file) ? JsonNode.Parse(File.ReadAllText(file))!.AsObject() : [];
        (config["added_tokens_decoder"] ??= new JsonObject()).AsObject()[(id ?? size - 1).ToString(System.Globalization.CultureInfo.InvariantCulture)] = token;
        File.WriteAllText(file, config.ToJsonString());
    }
}
