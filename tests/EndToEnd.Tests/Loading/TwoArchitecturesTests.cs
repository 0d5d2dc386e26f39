using ArchGen.Architectures;
using ArchGen.Fixtures;
using ArchGen.Gguf.Checkpoints;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Conversion;

namespace ArchGen.EndToEnd.Tests.Loading;

/// <summary>Two architectures of one name, or of one class of transformers, from two assemblies: neither is taken for the other.</summary>
public sealed class TwoArchitecturesTests
{
    [Fact]
    public void Of_one_name_a_file_is_refused()
    {
        var error = Assert.Throws<ArchGenException>(() =>
            new LoadedModel(ArchitectureFixture.Load("llama").Recipe.ToGguf(), [.. Catalog.All, Twin("llama", [])]).Dispose());
        Assert.Equal("ArchGen.Architectures.Llama and ArchGen.Architectures.Qwen3 both declare the architecture 'llama'. Give the program one of them.",
            error.Message);
    }

    [Fact]
    public void Of_one_class_a_checkpoint_is_refused()
    {
        using var folder = new CheckpointFolder("llama-mha");
        using var checkpoint = Checkpoint.Open(folder.Path);
        var error = Assert.Throws<ArchGenException>(() =>
            ConversionPlan.Create(checkpoint, [.. Catalog.All, Twin("mine", ["LlamaForCausalLM"])], new ConversionOptions()));
        Assert.Equal(
            "ArchGen.Architectures.Llama and ArchGen.Architectures.Qwen3 both claim the Hugging Face class 'LlamaForCausalLM'. Give the program one of them.",
            error.Message);
    }

    [Fact]
    public void One_that_is_given_twice_is_one() =>
        new LoadedModel(ArchitectureFixture.Load("llama").Recipe.ToGguf(), [.. Catalog.All, .. Catalog.All]).Dispose();

    /// <summary>Qwen3, as another assembly might declare it.</summary>
    private static ArchitectureInfo Twin(string name, string[] classes)
    {
        var qwen = Catalog.All.Find("qwen3")!;
        return new(name, qwen.Summary, classes, () => qwen.Tensors, qwen.Description, () => qwen.Outlines, () => qwen.Conversion, qwen.Create);
    }
}
