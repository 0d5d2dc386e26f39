using ArchGen.Fixtures;
using ArchGen.Gguf;
using ArchGen.Gguf.Checkpoints;
using ArchGen.Tools.Conversion;

namespace ArchGen.Tutorial.Tests.Ports;

/// <summary>Hyper-parameters that a checkpoint has as tensors.</summary>
public sealed class TrainedKeyTests : IDisposable
{
    private const int Width = 32, Vocabulary = 2048;

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, (long[] Shape, float[] Values)> _tensors = new()
    {
        ["words.weight"] = Zeros(Vocabulary, Width),
        ["head.weight"] = Zeros(Vocabulary, Width),
        ["layers.0.up.weight"] = Zeros(8, Width),
        ["layers.0.down.weight"] = Zeros(Width, 8),
        ["layers.1.up.weight"] = Zeros(12, Width),
        ["layers.1.down.weight"] = Zeros(Width, 12),
        ["act.log_slope"] = ([], [1]),
        ["blocks.0.wide"] = ([1], [8]),
        ["blocks.1.wide"] = ([1], [12]),
    };

    public TrainedKeyTests()
    {
        File.Copy(Tutorial.Checkpoint("tokenizer.json"), _folder.File("tokenizer.json"));
        File.WriteAllText(_folder.File("config.json"), $$"""
            {"architectures": ["HeronForCausalLM"], "hidden_size": {{Width}}, "num_hidden_layers": 2, "max_position_embeddings": 64, "rms_norm_eps": 1e-5,
             "vocab_size": {{Vocabulary}}}
            """);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Their_elements_become_keys()
    {
        var plan = Plan();
        Assert.Equal(MathF.E, plan.Metadata["xielu.beta"].AsSingle());
        Assert.Equal([8, 12], plan.Metadata["heron.wide"].AsInt32s());
        Assert.Empty(plan.Unused);
        Assert.Equal(6, plan.Tensors.Count);
        // Read back, and used: the slope is in the graph, and the widths are those of the layers.
        Assert.Contains("2.71828", ArchGen.Graphs.GraphText.Print(plan.Model.BuildGraph()), StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_is_missing_is_named()
    {
        _tensors.Remove("act.log_slope");
        Assert.Contains("the tensor act.log_slope is missing, the value of xielu.beta, expected a number", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_that_is_missing_is_named()
    {
        _tensors.Remove("blocks.1.wide");
        Assert.Contains("heron.wide has 1 values, but layer 1 needs one", Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(12.5f, "heron.wide would be 12.5, expected whole numbers")]
    [InlineData(-1f, "heron.wide would be -1, expected whole numbers")]
    [InlineData(float.NaN, "heron.wide would be NaN, expected whole numbers")]
    public void A_number_of_another_type_is_refused(float value, string message)
    {
        _tensors["blocks.1.wide"] = ([1], [value]);
        Assert.Contains(message, Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_that_is_none_is_refused()
    {
        _tensors["act.log_slope"] = ([1], [1000]);
        Assert.Contains("xielu.beta would be Infinity, expected finite numbers", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Several_elements_of_a_layer_are_refused()
    {
        _tensors["blocks.0.wide"] = ([2], [8, 8]);
        Assert.Contains("blocks.0.wide [2] is the value of heron.wide, expected one element", Refusal(), StringComparison.Ordinal);
    }

    private static (long[], float[]) Zeros(long rows, long columns) => ([rows, columns], new float[rows * columns]);

    private string Refusal() => Assert.Throws<ModelFileException>(() => Plan()).Message;

    private ConversionPlan Plan()
    {
        File.WriteAllBytes(_folder.File("model.safetensors"), SafetensorsBytes.Of(_tensors.Select(t => (t.Key, t.Value.Shape, t.Value.Values))));
        using var checkpoint = Checkpoint.Open(_folder.Path);
        return ConversionPlan.Create(checkpoint, Catalog.All, new ConversionOptions());
    }
}
