using ArchGen.Fixtures;
using ArchGen.Gguf.Checkpoints;
using ArchGen.Tools.Conversion;

namespace ArchGen.Tutorial.Tests.Ports;

/// <summary>The rows of rotated heads follow the kind of each rotation, which the file decides here.</summary>
public sealed class RotationOrderTests : IDisposable
{
    // Two heads of eight rows, of which four are rotated.
    private const int Width = 16, Vocabulary = 2048;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, new float[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 })]
    [InlineData(true, new float[] { 0, 2, 1, 3, 4, 5, 6, 7, 8, 10, 9, 11, 12, 13, 14, 15 })]
    public void Pairs_become_halves_where_the_file_rotates_halves(bool hasSections, float[] expected)
    {
        File.Copy(Tutorial.Checkpoint("tokenizer.json"), _folder.File("tokenizer.json"));
        File.WriteAllText(_folder.File("config.json"), $$"""
            {"architectures": ["TernForCausalLM"], "hidden_size": {{Width}}, "num_hidden_layers": 1, "num_attention_heads": 2, "max_position_embeddings": 64,
             "vocab_size": {{Vocabulary}}, "has_sections": {{(hasSections ? "true" : "false")}} }
            """);
        var rows = Enumerable.Range(0, Width * Width).Select(i => (float)(i / Width)).ToArray();
        (string, long[], float[])[] tensors =
        [
            .. new[] { "words", "head" }.Select(name => (name + ".weight", new long[] { Vocabulary, Width }, new float[Vocabulary * Width])),
            .. new[] { "q", "k", "v", "o" }.Select(name => ($"layers.0.{name}.weight", new long[] { Width, Width }, rows)),
        ];
        File.WriteAllBytes(_folder.File("model.safetensors"), SafetensorsBytes.Of(tensors));
        using var checkpoint = Checkpoint.Open(_folder.Path);
        var plan = ConversionPlan.Create(checkpoint, Catalog.All, new ConversionOptions());

        foreach (var name in new[] { "query", "key" }) Assert.Equal(expected, FirstColumn(name));
        Assert.Equal(Enumerable.Range(0, Width).Select(i => (float)i), FirstColumn("value"));

        float[] FirstColumn(string name)
        {
            var all = new float[Width * Width];
            plan.Tensors.Single(t => t.Name == $"layers.0.{name}.weight").Weights.Read(0, all);
            return [.. Enumerable.Range(0, Width).Select(row => all[row * Width])];
        }
    }
}
