using System.Runtime.InteropServices;
using System.Text.Json;
using ArchGen.Architectures;
using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Measurement;
using ArchGen.Tools.Quantization;

namespace ArchGen.EndToEnd.Tests.Measurement;

/// <summary>Perplexity against llama-perplexity's, and against the forward pass as it is written.</summary>
public sealed class PerplexityTests : IDisposable
{
    private const double Published = 2.6082;

    private readonly TemporaryFolder _folder = new();

    public enum Mistake { None, FirstHalf, NoBos, BosInserted, TokenItself, TwoChunksAsOne, OneHalfTooEarly }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(512)]
    [InlineData(128)]
    [InlineData(50)]
    public void Stories260K_has_the_published_perplexity(int batch)
    {
        using var model = TokenizedModel.Stories();
        var told = new List<PerplexityResult>();
        var result = Perplexity.Measure(model, Text(model), new EvaluationOptions { BatchSize = batch }, progress: told.Add);
        Assert.InRange(result.Perplexity.Value, Published - .0005, Published + .0005);
        // llama-perplexity's own error estimate.
        Assert.InRange(result.Perplexity.Error, .27680 - .0001, .27680 + .0001);
        Assert.Equal((189L, 3), (result.Tokens, result.Chunks));
        Assert.Equal([1, 2, 3], told.Select(r => r.Chunks));
        Assert.Equal([1.7957, 1.8426, 2.6083], told.Select(r => Math.Round(r.Perplexity.Value, 4)));
    }

    // All matrices: 0.18 %, of which the one that makes the logits has most; llama.cpp's own file and arithmetic: 0.21 %.
    [Theory]
    [InlineData("", .0022)]
    [InlineData("output.weight", .001)]
    public void Q8_0_changes_it_by_a_thousandth_or_two(string kept, double bound)
    {
        using var model = Quantized(_folder.Path, kept);
        Assert.Contains(model.File.Tensors, t => t.Type == TensorType.Q8_0);
        var value = Perplexity.Measure(model, Text(model)).Perplexity.Value;
        Assert.InRange(value / Published, 1 - bound, 1 + bound);
        Assert.InRange(value - Reference(model, Text(model), Mistake.None), -1e-5, 1e-5);
    }

    [Theory]
    [InlineData(Mistake.None)]
    [InlineData(Mistake.FirstHalf)]
    [InlineData(Mistake.NoBos)]
    [InlineData(Mistake.BosInserted)]
    [InlineData(Mistake.TokenItself)]
    [InlineData(Mistake.TwoChunksAsOne)]
    [InlineData(Mistake.OneHalfTooEarly)]
    public void It_is_that_of_the_forward_pass_and_mistakes_are_seen(Mistake mistake)
    {
        using var model = TokenizedModel.Stories();
        var text = ChunkedText.Create(model.Tokenizer, TokenizedModel.StoriesText(), 64, maxChunks: 2);
        var difference = Math.Abs(Perplexity.Measure(model, text).Perplexity.Value - Reference(model, text, mistake));
        if (mistake == Mistake.None) Assert.InRange(difference, 0, 1e-5);
        else Assert.InRange(difference, .0005, double.PositiveInfinity);
    }

    [Fact]
    public void Each_recurrent_or_mixed_model_begins_each_chunk_anew()
    {
        foreach (var recipe in (string[])["mamba2", "llama-moe", "qwen3next"])
        {
            using var model = new LoadedModel(ArchitectureFixture.Load(recipe).Recipe.ToGguf(), Catalog.All);
            int[] tokens = [.. Enumerable.Range(0, 32).Select(i => (i * 37) % 101)];
            var expected = Reference(model, new ChunkedText(tokens, 16, null), Mistake.None);
            foreach (var batch in (int[])[5, 16, 64])
            {
                var actual = Perplexity.Measure(model, new ChunkedText(tokens, 16, null), new EvaluationOptions { BatchSize = batch }).Perplexity.Value;
                Assert.InRange(actual / expected, 1 - 1e-5, 1 + 1e-5);
            }
        }
    }

    [LargeFixtureFact(["models/SmolLM2-135M-Instruct.Q4_1.gguf", "models/smollm2.txt"])]
    public void SmolLM2_has_the_perplexity_of_its_numbers()
    {
        using var model = LoadedModel.Open(SharedFixtures.FindLarge("models/SmolLM2-135M-Instruct.Q4_1.gguf")!, Catalog.All);
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedFixtures.Local("models/smollm2.json")));
        var text = ChunkedText.Create(model.Tokenizer, File.ReadAllText(SharedFixtures.FindLarge("models/smollm2.txt")!), 512, maxChunks: 8);
        var expected = document.RootElement.GetProperty("perplexity").GetProperty("exact").GetDouble();
        Assert.InRange(Perplexity.Measure(model, text).Perplexity.Value, expected - .0005, expected + .0005);
    }

    [Theory]
    [InlineData("bert", "computes embeddings, not logits")]
    [InlineData("t5", "has an encoder")]
    public void Models_without_logits_of_their_own_are_refused(string recipe, string expected)
    {
        using var model = new LoadedModel(ArchitectureFixture.Load(recipe).Recipe.ToGguf(), Catalog.All);
        var error = Assert.Throws<RequestException>(() => Perplexity.Measure(model, new ChunkedText([1, 2, 3, 4], 4, null)));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_and_chunks_that_are_too_short_are_refused()
    {
        using var model = TokenizedModel.Stories();
        const string text = "Once upon a time";
        var error = Assert.Throws<RequestException>(() => ChunkedText.Create(model.Tokenizer, text, 512));
        Assert.Contains("too few for one chunk of 512", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<RequestException>(() => Perplexity.Measure(model, ChunkedText.Create(model.Tokenizer, text, 2)));
        Assert.Contains("nothing to score", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_run_ends()
    {
        using var model = TokenizedModel.Stories();
        using var cancellation = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Perplexity.Measure(
            model, Text(model), new EvaluationOptions { BatchSize = 128 }, progress: _ => cancellation.Cancel(), cancellation: cancellation.Token));
    }

    internal static ChunkedText Text(LoadedModel model) => ChunkedText.Create(model.Tokenizer, TokenizedModel.StoriesText(), 128);

    /// <summary>stories260K with its matrices in Q8_0, but for one.</summary>
    private static LoadedModel Quantized(string folder, string kept) => TokenizedModel.Altered(folder, tensor =>
    {
        if (tensor.Name == kept || tensor.Dimensions.Length < 2 || tensor.Dimensions[0] % TensorType.Q8_0.BlockSize != 0) return null;
        var bytes = new byte[TensorType.Q8_0.ByteLength(tensor.ElementCount)];
        TensorFormats.Of(TensorType.Q8_0).Encoder!.Encode(MemoryMarshal.Cast<byte, float>(tensor.Span), bytes);
        return (TensorType.Q8_0, bytes);
    });

    /// <summary>By the definition, from the eager logits of each chunk.</summary>
    private static double Reference(LoadedModel model, ChunkedText text, Mistake mistake)
    {
        var losses = new List<double>();
        var length = text.ChunkLength;
        for (var chunk = 0; chunk < text.Chunks; chunk++)
        {
            int[] own = [.. Enumerable.Range(0, length).Select(p => text[chunk, p])];
            int[] read = [.. Enumerable.Range(0, length).Select(p => text.Read(chunk, p))];
            if (mistake == Mistake.NoBos) read = own;
            if (mistake == Mistake.BosInserted) (read, own) = ([text.Bos!.Value, .. own[..^1]], [text.Bos!.Value, .. own[..^1]]);
            if (mistake == Mistake.TwoChunksAsOne && chunk == 1) read = [.. Enumerable.Range(0, length).Select(p => text.Read(0, p)), .. own];
            var logits = model.Model.Evaluate(model.Source, read);
            var shift = read.Length - length;
            var (first, end) = mistake switch
            {
                Mistake.FirstHalf => (0, length / 2),
                Mistake.OneHalfTooEarly => (length / 4, (3 * length / 4) - 1),
                _ => (length / 2, length - 1),
            };
            for (var p = first; p < end; p++)
            {
                double[] row = [.. Enumerable.Range(0, logits.Width).Select(i => (double)logits.Values[((p + shift) * logits.Width) + i])];
                losses.Add(Math.Log(row.Sum(Math.Exp)) - row[own[mistake == Mistake.TokenItself ? p : p + 1]]);
            }
        }

        return Math.Exp(losses.Average());
    }
}
