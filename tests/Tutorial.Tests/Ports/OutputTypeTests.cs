using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Gguf.Checkpoints;
using ArchGen.Tools.Conversion;
using ArchGen.Tools.Quantization.Mixes;
using ArchGen.Tools.Quantization.Plan;

namespace ArchGen.Tutorial.Tests.Ports;

/// <summary>The type of a tensor goes by what it is in the declaration, whatever it is called.</summary>
public sealed class OutputTypeTests : IDisposable
{
    private const int Width = 256, Vocabulary = 2048;

    private static readonly string[] NoMatrices = ["mixer", "ask_scales", "router", "gate"];

    private readonly TemporaryFolder _folder = new();

    public OutputTypeTests()
    {
        File.Copy(Tutorial.Checkpoint("tokenizer.json"), _folder.File("tokenizer.json"));
        File.WriteAllText(_folder.File("config.json"), $$"""
            {"architectures": ["StorkForCausalLM"], "hidden_size": {{Width}}, "intermediate_size": {{Width}}, "num_hidden_layers": 1, "num_attention_heads": 4,
             "max_position_embeddings": 64, "num_experts": 4, "num_experts_per_tok": 2, "rms_norm_eps": 1e-5, "kernel": 3, "vocab_size": {{Vocabulary}}}
            """);
        (string Name, long[] Shape)[] tensors =
        [
            ("words", [Vocabulary, Width]), ("norm", [Width]), ("head", [Vocabulary, Width]), ("layers.0.mixer", [Width, 3]), ("layers.0.q", [Width, Width]),
            ("layers.0.q_scale", [4, Width / 4]), ("layers.0.k", [Width, Width]), ("layers.0.v", [Width, Width]), ("layers.0.o", [Width, Width]),
            ("layers.0.router", [4, Width]), ("layers.0.gate", [1, Width]),
            .. Enumerable.Range(0, 4).SelectMany(
                e => new[] { ($"layers.0.experts.{e}.up", new long[] { Width, Width }), ($"layers.0.experts.{e}.down", [Width, Width]) }),
        ];
        File.WriteAllBytes(_folder.File("model.safetensors"),
            SafetensorsBytes.Of(tensors.Select(t => (t.Name + ".weight", t.Shape, new float[t.Shape.Aggregate(1L, (a, b) => a * b)]))));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(TensorType.BF16)]
    [InlineData(TensorType.Q8_0)]
    [InlineData(TensorType.Q4_K)]
    public void A_port_with_names_of_its_own(TensorType type)
    {
        using var checkpoint = Checkpoint.Open(_folder.Path);
        var plan = ConversionPlan.Create(checkpoint, Catalog.All, new ConversionOptions { Type = type });
        Assert.All(plan.Tensors, t => Assert.Equal(IsMatrix(t.Name) ? type : TensorType.F32, t.Type));
        Assert.Equal(8, plan.Tensors.Count(t => t.Type == type));

        var path = _folder.File("out.gguf");
        ConvertedFile.Write(plan, path, null, 1, null, CancellationToken.None);
        using var file = GgufFile.Open(path);
        var q8 = FileTypes.All.First(t => t.Name == "Q8_0");
        var quantized = QuantizationPlan.Create(file, Catalog.All, q8, new QuantizationOptions { AllowRequantize = true });
        Assert.All(quantized.Tensors, t => Assert.Equal(IsMatrix(t.Name) ? TensorType.Q8_0 : TensorType.F32, t.Type));
    }

    private static bool IsMatrix(string name) => name != "last.weight" && !NoMatrices.Any(part => name.EndsWith($".{part}.weight", StringComparison.Ordinal));
}
