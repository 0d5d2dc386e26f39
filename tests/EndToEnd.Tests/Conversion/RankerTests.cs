using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using ArchGen.Architectures;
using ArchGen.Cpu.Execution;
using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Gguf.Checkpoints;
using ArchGen.Runtime.Embeddings;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Conversion;

namespace ArchGen.EndToEnd.Tests.Conversion;

/// <summary>Checkpoints of rankers: an encoder whose rows its author's model has given, with a head on the first row that is computed here.</summary>
public sealed class RankerTests
{
    private const int Width = 64;

    [Theory]
    [InlineData("bert", "BertForSequenceClassification", "bert.", "bert.pooler.dense", "classifier")]
    [InlineData("xlm-roberta", "XLMRobertaForSequenceClassification", "roberta.", "classifier.dense", "classifier.out_proj")]
    [InlineData("xlm-roberta", "RobertaForSequenceClassification", "roberta.", "classifier.dense", "classifier.out_proj")]
    public void Its_score_is_that_of_the_head(string fixture, string className, string prefix, string dense, string output)
    {
        using var folder = new CheckpointFolder(fixture);
        float[] weights = Numbers(Width * Width, 0.2), bias = Numbers(Width, 0.3), last = Numbers(Width, 0.4);
        Write(folder, className, prefix, [(dense, [Width, Width], weights), (output, [1, Width], last)], [(dense, bias), (output, [0.25f])]);
        using var file = new TemporaryFolder();
        var path = file.File("ranker.gguf");
        var run = Cli.Archgen.Run("convert", folder.Path, "--outtype", "f32", "--outfile", path);
        Assert.True(run.ExitCode == 0, run.Error);
        using var model = LoadedModel.Open(path, Catalog.All);
        using var embedder = new TextEmbedder(model, new CpuBackend());
        Assert.Equal(Pooling.Rank, embedder.Pooling);

        int[] tokens = [.. folder.ReadExpected().GetProperty("tokens").EnumerateArray().Select(t => t.GetInt32())];
        var row = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder.Fixture, "logits.f32")))[..Width].ToArray();
        var pooled = Enumerable.Range(0, Width).Select(o => Math.Tanh(row.Select((x, i) => (double)x * weights[(o * Width) + i]).Sum() + bias[o]));
        var score = pooled.Zip(last, (x, w) => x * w).Sum() + 0.25;
        Assert.Equal(score, Assert.Single(embedder.Embed(tokens)), 1e-4);
    }

    private static void Write(
        CheckpointFolder folder, string className, string prefix, (string Name, long[] Shape, float[] Values)[] weights, (string Name, float[] Values)[] biases)
    {
        var config = PlanDigest.ConfigOf(folder);
        config["architectures"] = new JsonArray(className);
        File.WriteAllText(folder.File("config.json"), config.ToJsonString());
        File.Delete(folder.File("modules.json"));
        using var checkpoint = Checkpoint.Open(folder.Path);
        var all = checkpoint.Tensors.Where(t => !t.Name.Contains("pooler", StringComparison.Ordinal)).Select(t =>
        {
            var values = new float[t.ElementCount];
            t.Read(0, values);
            return (prefix + t.Name, t.Shape.ToArray(), values);
        }).Concat(weights.Select(w => (w.Name + ".weight", w.Shape, w.Values)))
            .Concat(biases.Select(b => (b.Name + ".bias", new[] { (long)b.Values.Length }, b.Values))).ToList();
        checkpoint.Dispose();
        File.WriteAllBytes(folder.File("model.safetensors"), SafetensorsBytes.Of(all));
    }

    private static float[] Numbers(int count, double scale) => [.. Enumerable.Range(0, count).Select(i => (float)(scale * Math.Sin((i * 1.7) + scale)))];
}
