using ArchGen.Cpu.Execution;
using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Gguf.Checkpoints;
using ArchGen.Runtime.Embeddings;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Conversion;

namespace ArchGen.Tutorial.Tests.Ports;

/// <summary>A matrix after pooling; and the hidden states of a model whose last norm has no weight, and so no name.</summary>
public sealed class EmbeddingHeadTests : IDisposable
{
    private const int Width = 32, Vocabulary = 2048;

    private static readonly int[] Tokens = [5, 90, 7, 1300];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Pooling.Mean)]
    [InlineData(Pooling.Last)]
    public void The_pooled_row_goes_through_it(Pooling pooling)
    {
        var embedding = Embed(pooling, hasHead: true);
        var row = Embed(pooling, hasHead: false);
        Assert.Equal(Row(pooling), row, (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal(row.Select(Projected), embedding, (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void Rows_that_are_not_pooled_go_through_it_one_by_one()
    {
        var (projected, rows) = (Embed(Pooling.None, hasHead: true), Embed(Pooling.None, hasHead: false));
        Assert.Equal(Width * Tokens.Length, projected.Length);
        Assert.Equal(rows.Select(Projected), projected, (a, b) => Math.Abs(a - b) < 1e-5);
    }

    /// <summary>The matrix has 3 and -2 by turns on its diagonal.</summary>
    private static float Projected(float value, int i) => value * Factor(i);

    private static float Factor(int i) => i % 2 == 0 ? 3 : -2;

    private static float Word(int token, int i) => MathF.Sin((token * 31) + (i * 7));

    /// <summary>What pooling gives: the layers add nothing, so rows are those of the table, each divided by its root mean square.</summary>
    private static float[] Row(Pooling pooling)
    {
        var rows = Tokens.Select(token => Enumerable.Range(0, Width).Select(i => (double)Word(token, i)).ToArray())
            .Select(row => row.Select(v => v / Math.Sqrt((row.Sum(w => w * w) / Width) + 1e-5)).ToArray()).ToArray();
        return [.. Enumerable.Range(0, Width).Select(i => (float)(pooling == Pooling.Last ? rows[^1][i] : rows.Average(row => row[i])))];
    }

    private float[] Embed(Pooling pooling, bool hasHead)
    {
        var path = Convert(hasHead);
        using var model = LoadedModel.Open(path, Catalog.All);
        using var embedder = new TextEmbedder(model, new CpuBackend { Threads = 1 }, new EmbeddingOptions { Pooling = pooling, Normalize = false });
        Assert.Equal(Width, embedder.Width);
        return embedder.Embed(Tokens);
    }

    private string Convert(bool hasHead)
    {
        File.Copy(Tutorial.Checkpoint("tokenizer.json"), _folder.File("tokenizer.json"), overwrite: true);
        File.WriteAllText(_folder.File("config.json"), $$"""
            {"architectures": ["HeronForCausalLM"], "hidden_size": {{Width}}, "num_hidden_layers": 1, "max_position_embeddings": 64, "rms_norm_eps": 1e-5,
             "vocab_size": {{Vocabulary}}}
            """);
        var words = Enumerable.Range(0, Vocabulary * Width).Select(i => Word(i / Width, i % Width)).ToArray();
        var dense = Enumerable.Range(0, Width * Width).Select(i => i % Width == i / Width ? Factor(i % Width) : 0).ToArray();
        List<(string, long[], float[])> tensors =
        [
            ("words.weight", [Vocabulary, Width], words), ("head.weight", [Vocabulary, Width], words), ("layers.0.up.weight", [8, Width], new float[8 * Width]),
            ("layers.0.down.weight", [Width, 8], new float[Width * 8]), ("act.log_slope", [], [0]), ("layers.0.wide", [1], [8]),
        ];
        if (hasHead) tensors.Add(("dense.weight", [Width, Width], dense));
        File.WriteAllBytes(_folder.File("model.safetensors"), SafetensorsBytes.Of(tensors));
        using var checkpoint = Checkpoint.Open(_folder.Path);
        var plan = ConversionPlan.Create(checkpoint, Catalog.All, new ConversionOptions { Type = TensorType.F32 });
        var path = _folder.File($"out{hasHead}.gguf");
        ConvertedFile.Write(plan, path, null, 1, null, CancellationToken.None);
        return path;
    }
}
