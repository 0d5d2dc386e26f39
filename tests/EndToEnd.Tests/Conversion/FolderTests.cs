using ArchGen.EndToEnd.Tests.Cli;
using ArchGen.Fixtures;
using ArchGen.Gguf;

namespace ArchGen.EndToEnd.Tests.Conversion;

/// <summary>Which files of a folder are taken, and what is asked for where a folder is of another kind.</summary>
public sealed class FolderTests
{
    [Theory]
    [InlineData("consolidated.safetensors.index.json")]
    [InlineData("model.fp16.safetensors.index.json")]
    public void A_second_index_beside_the_models_is_left_alone(string second)
    {
        using var checkpoint = new CheckpointFolder("llama-sharded");
        var before = Convert(checkpoint, "before.gguf");
        File.WriteAllText(checkpoint.File(second), """{"weight_map": {"x": "consolidated-00001.safetensors"}}""");
        Assert.Equal(before, Convert(checkpoint, "after.gguf"));
        File.Move(checkpoint.File("model.safetensors.index.json"), checkpoint.File("other.safetensors.index.json"));
        var run = Archgen.Run("convert", checkpoint.Path, "--outfile", checkpoint.File("out.gguf"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("expected model.safetensors.index.json, or one", run.Error);
    }

    [Theory]
    [InlineData("llama-mha")]
    [InlineData("llama-sharded")]
    [InlineData("qwen2")]
    [InlineData("bert")]
    public void A_vocabulary_needs_no_weights(string name)
    {
        using var checkpoint = new CheckpointFolder(name);
        Convert(checkpoint, "whole.gguf");
        foreach (var file in Directory.GetFiles(checkpoint.Path, "*.safetensors*")) File.Delete(file);
        Convert(checkpoint, "vocabulary.gguf", "--vocab-only");
        using GgufFile whole = GgufFile.Open(checkpoint.File("whole.gguf")), vocabulary = GgufFile.Open(checkpoint.File("vocabulary.gguf"));
        Assert.Empty(vocabulary.Tensors);
        Assert.Equal(["general.file_type", "general.size_label"], whole.Metadata.Select(m => m.Key).Except(vocabulary.Metadata.Select(m => m.Key)).Order());
        Assert.All(vocabulary.Metadata, m => Assert.Equal(whole.Metadata[m.Key].ToString(), m.Value.ToString()));
        var run = Archgen.Run("convert", checkpoint.Path, "--outfile", checkpoint.File("out.gguf"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("there are no weights", run.Error);
    }

    [Theory]
    [InlineData("convert ADAPTER", "is an adapter, expected the checkpoint of a model. Convert an adapter with 'archgen convert-lora")]
    [InlineData("convert ADAPTER --vocab-only", "is an adapter, expected the checkpoint of a model")]
    [InlineData("verify ADAPTER MODEL", "is an adapter, expected the checkpoint of a model")]
    [InlineData("convert-lora ADAPTER --base ADAPTER", "is an adapter, expected the checkpoint of a model")]
    [InlineData("convert-lora BASE --base BASE", "is a model's checkpoint, expected an adapter")]
    [InlineData("convert MODEL", "is a file, expected the folder of a checkpoint")]
    [InlineData("convert-lora MODEL --base BASE", "is a file, expected the folder of a checkpoint")]
    [InlineData("verify MODEL BASE", "is a file, expected the folder of a checkpoint")]
    [InlineData("verify BASE BASE", "is a folder, expected a GGUF model")]
    [InlineData("inspect BASE", "is a folder, expected a GGUF model")]
    [InlineData("run LORA -p x", "is an adapter, expected a model")]
    [InlineData("convert-lora ADAPTER --base LORA", "is an adapter, expected a model")]
    [InlineData("convert EMPTY", "there are no weights")]
    [InlineData("convert EMPTY --vocab-only", "there is no config.json")]
    public void Another_kind_of_folder_or_file_is_told(string line, string message)
    {
        using CheckpointFolder adapter = new("lora-llama-mha"), model = new("llama-mha");
        using var empty = new TemporaryFolder();
        var lora = adapter.File("lora.gguf");
        Assert.Equal(0, Archgen.Run("convert-lora", adapter.Path, "--base", model.Path, "--outfile", lora).ExitCode);
        var run = Archgen.Run([.. line.Split(' ').Select(word => word switch
        {
            "ADAPTER" => adapter.Path,
            "BASE" => model.Path,
            "MODEL" => SharedFixtures.Local("models/stories260K.gguf"),
            "LORA" => lora,
            "EMPTY" => empty.Path,
            _ => word,
        })]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.StartsWith("archgen: ", run.Error, StringComparison.Ordinal);
    }

    /// <summary>What is expected and what is found are never the same words.</summary>
    [Fact]
    public void A_key_that_differs_is_told_by_what_differs()
    {
        using var checkpoint = new CheckpointFolder("llama-mha");
        Convert(checkpoint, "whole.gguf");
        using (var file = GgufFile.Open(checkpoint.File("whole.gguf")))
        {
            file.Metadata["llama.block_count"] = GgufValue.From(file.Metadata.GetInt32("llama.block_count"));
            var tokens = file.Metadata.GetStrings("tokenizer.ggml.tokens");
            tokens[5] = "other";
            file.Metadata["tokenizer.ggml.tokens"] = GgufValue.From(tokens);
            var writer = new GgufWriter(file.Metadata);
            foreach (var tensor in file.Tensors) writer.Add(tensor);
            writer.Save(checkpoint.File("altered.gguf"));
        }

        var run = Archgen.Run("verify", checkpoint.Path, checkpoint.File("altered.gguf"));
        Assert.Equal(1, run.ExitCode);
        Assert.Matches(@"key llama\.block_count: expected \d+ as \S+, found it as \S+\n", run.Out);
        Assert.Matches(@"key tokenizer\.ggml\.tokens: element 5: expected \S+, found other\n", run.Out);
    }

    private static byte[] Convert(CheckpointFolder checkpoint, string name, params string[] options)
    {
        var run = Archgen.Run(["convert", checkpoint.Path, "--outfile", checkpoint.File(name), "--model-name", "m", .. options]);
        Assert.True(run.ExitCode == 0, run.Error);
        return File.ReadAllBytes(checkpoint.File(name));
    }
}
