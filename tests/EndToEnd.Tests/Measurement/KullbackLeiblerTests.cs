using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ArchGen.Architectures;
using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Measurement;

namespace ArchGen.EndToEnd.Tests.Measurement;

/// <summary>Saved logits, and the divergence of models from them.</summary>
public sealed class KullbackLeiblerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_is_itself_but_for_16_bits()
    {
        using var model = TokenizedModel.Stories();
        var saved = Save(model, PerplexityTests.Text(model), 512);
        var result = Compare(model, saved);
        Assert.Equal(189, result.Tokens);
        Assert.InRange(result.KlDivergence.Value, -1e-5, 1e-5);
        Assert.InRange(result.Divergences.Quantile(1), 0, 1e-4);
        Assert.Equal(1, result.SameTop.Value);
        Assert.InRange(result.RmsProbabilityChange.Value, 0, 1e-4);
        Assert.InRange(result.LogRatio.Value, -1e-5, 1e-5);
        Assert.InRange(result.Correlation, .999999, 1.000001);
        Assert.Equal(Perplexity.Measure(model, PerplexityTests.Text(model)).Perplexity.Value, result.Perplexity.Value, 1e-9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(128)]
    public void The_batch_changes_nothing_in_the_file(int batch)
    {
        using var model = TokenizedModel.Stories();
        var text = PerplexityTests.Text(model);
        byte[] one = File.ReadAllBytes(Save(model, text, 512)), other = File.ReadAllBytes(Save(model, text, batch));
        Assert.Equal(LogitsWriter.FileBytes(text, 512), one.Length);
        Assert.Equal(one.Length, other.Length);
        // The order of sums differs with the batch, so a step may.
        var steps = MemoryMarshal.Cast<byte, ushort>(one.AsSpan(20 + (4 * text.Tokens.Length)));
        var others = MemoryMarshal.Cast<byte, ushort>(other.AsSpan(20 + (4 * text.Tokens.Length)));
        for (var i = 0; i < steps.Length; i++)
        {
            if (i % 516 >= 4) Assert.InRange(Math.Abs(steps[i] - others[i]), 0, 1);
        }
    }

    [Fact]
    public void What_llama_perplexity_saved_is_read_and_written_alike()
    {
        using var model = TokenizedModel.Stories();
        var published = SharedFixtures.Local("quantization/stories260K.logits");
        var result = Compare(model, published);
        Assert.Equal(63, result.Tokens);
        Assert.Equal(1.7957, Math.Round(result.BasePerplexity.Value, 4));
        Assert.InRange(result.KlDivergence.Value, -1e-5, 1e-5);
        var text = ChunkedText.Create(model.Tokenizer, TokenizedModel.StoriesText(), 128, maxChunks: 1);
        byte[] expected = File.ReadAllBytes(published), actual = File.ReadAllBytes(Save(model, text, 512));
        Assert.Equal(expected.Length, actual.Length);
        var header = 20 + (4 * 128);
        Assert.Equal(expected[..header], actual[..header]);
        for (var row = header; row < expected.Length; row += 2 * 516)
        {
            foreach (var place in (int[])[row, row + 4])
            {
                var ratio = BinaryPrimitives.ReadSingleLittleEndian(actual.AsSpan(place)) / BinaryPrimitives.ReadSingleLittleEndian(expected.AsSpan(place));
                Assert.InRange(ratio, 1 - 1e-5, 1 + 1e-5);
            }

            for (var i = row + 8; i < row + (2 * 516); i += 2)
                Assert.InRange(BinaryPrimitives.ReadUInt16LittleEndian(actual.AsSpan(i)) - BinaryPrimitives.ReadUInt16LittleEndian(expected.AsSpan(i)), -1, 1);
        }
    }

    [Fact]
    public void An_altered_model_diverges_as_the_definition_says()
    {
        using var model = TokenizedModel.Stories();
        // More certain of everything it says than it should be, and of the first tokens most.
        using var altered = TokenizedModel.Altered(_folder.Path, tensor =>
        {
            if (tensor.Name != "output.weight") return null;
            float[] weights = [.. MemoryMarshal.Cast<byte, float>(tensor.Span).ToArray().Select((w, i) => i < 20_000 ? 1.4f * w : 1.2f * w)];
            return (TensorType.F32, MemoryMarshal.AsBytes(weights.AsSpan()).ToArray());
        });
        var text = PerplexityTests.Text(model);
        var result = Compare(altered, Save(model, text, 512));
        double[][] p = Probabilities(model, text), q = Probabilities(altered, text);
        int[] next = [.. from c in Enumerable.Range(0, 3) from i in Enumerable.Range(64, 63) select text[c, i + 1]];
        double[] divergences = [.. p.Zip(q, (a, b) => a.Zip(b, (x, y) => x * Math.Log(x / y)).Sum())];
        double[] changes = [.. next.Select((token, i) => q[i][token] - p[i][token])];
        Assert.Equal(divergences.Average(), result.KlDivergence.Value, 5e-5);
        Assert.Equal(divergences.Max(), result.Divergences.Quantile(1), 1e-3);
        Assert.Equal(divergences.Order().ElementAt(94), result.Divergences.Quantile(.5), 1e-4);
        Assert.Equal(changes.Average(), result.ProbabilityChange.Value, 1e-5);
        Assert.Equal(Math.Sqrt(changes.Average(c => c * c)), result.RmsProbabilityChange.Value, 1e-5);
        Assert.Equal(changes.Max(), result.ProbabilityChanges.Quantile(1), 1e-4);
        Assert.Equal(p.Zip(q).Count(r => Top(r.First) == Top(r.Second)) / 189.0, result.SameTop.Value, 1e-9);
        Assert.Equal(Perplexity.Measure(altered, text).Perplexity.Value, result.Perplexity.Value, 1e-9);
        Assert.Equal(result.Perplexity.Value / result.BasePerplexity.Value, result.Ratio.Value, 1e-9);
        Assert.Equal(result.Perplexity.Value - result.BasePerplexity.Value, result.Difference.Value, 1e-9);
        // The other way round, or of the text's tokens alone, it would not pass.
        Assert.NotInRange(p.Zip(q, (a, b) => a.Zip(b, (x, y) => y * Math.Log(y / x)).Sum()).Average() - result.KlDivergence.Value, -5e-5, 5e-5);
        Assert.NotInRange(next.Select((token, i) => Math.Log(p[i][token] / q[i][token])).Average() - result.KlDivergence.Value, -5e-5, 5e-5);

        static int Top(double[] row) => Array.IndexOf(row, row.Max());
    }

    [Fact]
    public void Fewer_chunks_may_be_compared()
    {
        using var model = TokenizedModel.Stories();
        using var saved = LogitsReader.Open(Save(model, PerplexityTests.Text(model), 512));
        Assert.Equal(63, KullbackLeibler.Measure(model, saved, maxChunks: 1).Tokens);
    }

    [Fact]
    public void Another_vocabulary_is_refused()
    {
        using var model = TokenizedModel.Stories();
        using var other = new LoadedModel(ArchitectureFixture.Load("llama").Recipe.ToGguf(), Catalog.All);
        using var saved = LogitsReader.Open(Save(model, PerplexityTests.Text(model), 512));
        var error = Assert.Throws<ModelFileException>(() => KullbackLeibler.Measure(other, saved));
        Assert.Contains("a vocabulary of 512 tokens", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_files_are_refused_in_words()
    {
        var bytes = File.ReadAllBytes(SharedFixtures.Local("quantization/stories260K.logits"));
        for (var length = 0; length < bytes.Length; length += length < 600 ? 1 : 4999) Refused(bytes[..length], "");
        Refused([.. bytes, 0], "cut off or damaged");
        Refused(Changed(0, (byte)'x'), "does not begin with");
        foreach (var place in (int[])[8, 12, 16])
        {
            Refused(Changed(place + 3, 0x7F), "");
            Refused(Changed(place + 3, 0xFF), "cannot be");
        }

        Refused(Changed(20 + 3, 0x7F), "is not in a vocabulary of 512");

        byte[] Changed(int place, byte value)
        {
            var copy = bytes.ToArray();
            copy[place] = value;
            return copy;
        }
    }

    private void Refused(byte[] bytes, string expected)
    {
        var path = _folder.File("damaged.logits");
        File.WriteAllBytes(path, bytes);
        var error = Assert.Throws<ModelFileException>(() => LogitsReader.Open(path).Dispose());
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private string Save(LoadedModel model, ChunkedText text, int batch)
    {
        var path = _folder.File($"{batch}.logits");
        using var stream = File.Create(path);
        Perplexity.Measure(model, text, new EvaluationOptions { BatchSize = batch }, new LogitsWriter(stream));
        return path;
    }

    private static DivergenceResult Compare(LoadedModel model, string path)
    {
        using var saved = LogitsReader.Open(path);
        return KullbackLeibler.Measure(model, saved);
    }

    private static double[][] Probabilities(LoadedModel model, ChunkedText text) =>
    [
        .. from chunk in Enumerable.Range(0, text.Chunks)
           let logits = model.Model.Evaluate(model.Source, [.. Enumerable.Range(0, text.ChunkLength).Select(p => text.Read(chunk, p))])
           from position in Enumerable.Range(text.ChunkLength / 2, text.ChunkLength - 1 - (text.ChunkLength / 2))
           let row = logits.Values.AsSpan(position * logits.Width, logits.Width).ToArray().Select(x => Math.Exp(x)).ToArray()
           let sum = row.Sum()
           select row.Select(x => x / sum).ToArray(),
    ];
}
