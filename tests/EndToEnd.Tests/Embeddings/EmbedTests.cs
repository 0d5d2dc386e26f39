using System.Runtime.InteropServices;
using System.Text.Json;
using ArchGen.Architectures;
using ArchGen.Cpu.Execution;
using ArchGen.EndToEnd.Tests.Cli;
using ArchGen.Fixtures;
using ArchGen.Runtime.Embeddings;
using ArchGen.Runtime.Generation;

namespace ArchGen.EndToEnd.Tests.Embeddings;

/// <summary>Sentence embeddings: those of a published model, and the pooled rows of small checkpoints by their authors' code.</summary>
public sealed class EmbedTests
{
    [LargeFixtureFact(["models/all-MiniLM-L6-v2.q8_0.gguf", "models/all-MiniLM-L6-v2.json", "models/all-MiniLM-L6-v2.embeddings.f32"])]
    public void Sentences_have_the_published_models_embeddings()
    {
        using var folder = new TemporaryFolder();
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedFixtures.FindLarge("models/all-MiniLM-L6-v2.json")!));
        string input = Path.Combine(folder.Path, "texts.json"), output = Path.Combine(folder.Path, "rows.f32");
        File.WriteAllText(input, document.RootElement.GetProperty("sentences").GetRawText());
        var run = Archgen.Run("embed", SharedFixtures.FindLarge("models/all-MiniLM-L6-v2.q8_0.gguf")!, "--input", input, "--output", output);
        Assert.True(run.ExitCode == 0, run.Error);
        float[] expected = Floats(SharedFixtures.FindLarge("models/all-MiniLM-L6-v2.embeddings.f32")!), actual = Floats(output);
        Assert.Equal(expected.Length, actual.Length);
        Assert.Equal(24 * 384, actual.Length);
        for (var i = 0; i < expected.Length; i += 384)
        {
            var cosine = Dot(expected.AsSpan(i, 384), actual.AsSpan(i, 384));
            Assert.True(cosine >= 0.999, $"sentence {i / 384}: cosine {cosine}");
            Assert.Equal(1, Dot(actual.AsSpan(i, 384), actual.AsSpan(i, 384)), 1e-5);
        }
    }

    [Theory]
    [InlineData("bert", Pooling.Mean)]
    [InlineData("distilbert", Pooling.Cls)]
    [InlineData("xlm-roberta", Pooling.Cls)]
    [InlineData("nomic-bert", Pooling.Mean)]
    [InlineData("qwen3-embedding", Pooling.Last)]
    [InlineData("llama-embed", Pooling.Mean)]
    public void Rows_are_pooled_as_the_file_says(string name, Pooling pooling)
    {
        using var checkpoint = new CheckpointFolder(name);
        var file = checkpoint.File("model.gguf");
        var run = Archgen.Run("convert", checkpoint.Path, "--outtype", "f32", "--outfile", file);
        Assert.True(run.ExitCode == 0, run.Error);
        var expected = checkpoint.ReadExpected();
        int[] tokens = [.. expected.GetProperty("tokens").EnumerateArray().Select(t => t.GetInt32())];
        float[] pooled = [.. expected.GetProperty("pooled").EnumerateArray().Select(v => v.GetSingle())];
        using var model = LoadedModel.Open(file, Catalog.All);
        using var embedder = new TextEmbedder(model, new CpuBackend(), new EmbeddingOptions { Normalize = false });
        Assert.Equal(pooling, embedder.Pooling);
        var error = ArchitectureFixture.NormalizedError(pooled, embedder.Embed(tokens));
        Assert.True(error <= 1e-8, $"{name}: NMSE {error:E2}");

        using var plain = new TextEmbedder(model, new CpuBackend(), new EmbeddingOptions { Normalize = false, Pooling = Pooling.None });
        error = ArchitectureFixture.NormalizedError(Floats(Path.Combine(checkpoint.Fixture, "logits.f32")), plain.Embed(tokens));
        Assert.True(error <= 1e-8, $"{name}, each token: NMSE {error:E2}");
    }

    [Fact]
    public void Without_a_kind_of_pooling_there_is_an_error()
    {
        using var folder = new TemporaryFolder();
        var input = Path.Combine(folder.Path, "texts.json");
        File.WriteAllText(input, "[\"Once upon a time\"]");
        string[] arguments = ["embed", SharedFixtures.Local("models/stories260K.gguf"), "--input", input, "--output", Path.Combine(folder.Path, "rows.json")];
        var run = Archgen.Run(arguments);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("llama.pooling_type is missing", run.Error, StringComparison.Ordinal);
        run = Archgen.Run([.. arguments, "--pooling", "last"]);
        Assert.True(run.ExitCode == 0, run.Error);
        using var rows = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder.Path, "rows.json")));
        Assert.Equal(64, rows.RootElement[0].GetArrayLength());
    }

    private static float[] Floats(string path) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path).AsSpan()).ToArray();

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += (double)a[i] * b[i];
        return sum;
    }
}
