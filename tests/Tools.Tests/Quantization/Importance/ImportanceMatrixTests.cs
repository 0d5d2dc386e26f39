using System.Runtime.InteropServices;
using System.Text;
using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Tools.Quantization.Importance;

namespace ArchGen.Tools.Tests.Quantization.Importance;

/// <summary>Importance matrices as llama.cpp writes them, in both formats.</summary>
public sealed class ImportanceMatrixTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_published_file_reads_as_it_is()
    {
        var path = SharedFixtures.Local("quantization/small.imatrix.gguf");
        var matrix = ImportanceMatrix.Read(path);
        Assert.Equal(("text.txt", 7, 64), (matrix.Dataset, matrix.Chunks, matrix.ChunkSize));
        Assert.Equal(56, matrix.Names.Count);
        Assert.Equal(matrix.Names.Order(StringComparer.Ordinal), matrix.Names);
        using var file = GgufFile.Open(path);
        foreach (var name in matrix.Names)
        {
            var (sums, counts) = (file.Tensors.Single(t => t.Name == name + ".in_sum2"), file.Tensors.Single(t => t.Name == name + ".counts"));
            var count = MemoryMarshal.Read<float>(counts.Span);
            Assert.Equal(448, count);
            Assert.Equal(MemoryMarshal.Cast<byte, float>(sums.Span).ToArray().Select(s => s / count), matrix.For(name).ToArray());
        }
    }

    [Fact]
    public void A_published_file_is_written_byte_for_byte()
    {
        var path = SharedFixtures.Local("quantization/small.imatrix.gguf");
        ImportanceMatrix.Read(path).Save(_folder.File("again.gguf"));
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(_folder.File("again.gguf")));
    }

    [Fact]
    public void Experts_have_counts_of_their_own()
    {
        float[] sums = [2, 4, 6, 0, 0, 0, 1, 2, 3];
        new ImportanceMatrix([new ImportanceEntry("b", sums, [2, 0, 4]), new ImportanceEntry("a", [5], [3])], ["x", "y"], 2, 16).Save(_folder.File("m.gguf"));
        var matrix = ImportanceMatrix.Read(_folder.File("m.gguf"));
        Assert.Equal(["a", "b"], matrix.Names);
        Assert.Equal(["x", "y"], matrix.Datasets);
        Assert.Equal([1, 2, 3, 1, 1, 1, .25f, .5f, .75f], matrix.For("b").ToArray());
        Assert.Equal([2L, 0, 4], matrix.Entries["b"].Counts.ToArray());
        Assert.True(matrix.For("c").IsEmpty);
        using var file = GgufFile.Open(_folder.File("m.gguf"));
        var (stack, counts) = (file.Tensors.Single(t => t.Name == "b.in_sum2"), file.Tensors.Single(t => t.Name == "b.counts"));
        Assert.Equal([3L, 3], stack.Dimensions.ToArray());
        Assert.Equal([1L, 3], counts.Dimensions.ToArray());
    }

    [Fact]
    public void The_older_format_reads()
    {
        var bytes = Dat([("blk.0.attn_q.weight", 3, [3, 6, 12]), ("blk.0.ffn_up.weight", 0, [7])], 3, "wiki.txt");
        var matrix = Read(bytes);
        Assert.Equal([1, 2, 4], matrix.For("blk.0.attn_q.weight").ToArray());
        Assert.Equal([7], matrix.For("blk.0.ffn_up.weight").ToArray());
        Assert.Equal(("wiki.txt", 3, 0), (matrix.Dataset, matrix.Chunks, matrix.ChunkSize));
        Assert.Null(Read(Dat([("w", 1, [1])], null, null)).Dataset);
        Assert.Equal(5, Read(Dat([("w", 1, [1])], 5, null)).Chunks);
    }

    [Fact]
    public void Every_beginning_of_a_file_is_refused_in_words()
    {
        var dat = Dat([("blk.0.attn_q.weight", 3, [3, 6, 12])], 3, "wiki.txt");
        // The two trailers are optional, so these beginnings are whole files.
        int[] whole = [dat.Length - 16, dat.Length - 12];
        for (var length = 0; length < dat.Length; length++)
        {
            if (!whole.Contains(length)) Refused(dat.AsSpan(0, length));
        }

        var gguf = File.ReadAllBytes(SharedFixtures.Local("quantization/small.imatrix.gguf"));
        for (var length = 0; length < gguf.Length - 32; length += length < 8000 ? 7 : 997) Refused(gguf.AsSpan(0, length));
    }

    [Fact]
    public void Hostile_numbers_are_refused_in_words()
    {
        Refused(Dat([("w", 1, [1])], null, null).AsSpan(), bytes => BitConverter.TryWriteBytes(bytes, int.MaxValue), "entry 2");
        Refused(Dat([("w", 1, [1])], null, null).AsSpan(), bytes => BitConverter.TryWriteBytes(bytes, -1), "-1 entries");
        Refused(Dat([("w", 1, [1])], null, null).AsSpan(), bytes => BitConverter.TryWriteBytes(bytes[4..], int.MaxValue), "more");
        Refused(Dat([("w", 1, [1])], null, null).AsSpan(), bytes => BitConverter.TryWriteBytes(bytes[4..], -5), "-5 bytes");
        Refused(Dat([("w", 1, [1])], null, null).AsSpan(), bytes => BitConverter.TryWriteBytes(bytes[13..], int.MaxValue), $"{int.MaxValue} columns");
        Refused(Dat([("w", 1, [1])], null, null).AsSpan(), bytes => BitConverter.TryWriteBytes(bytes[13..], 0), "0 columns");
        Refused(Dat([("w", 1, [1])], null, null).AsSpan(), bytes => bytes[8] = 0xFF, "not UTF-8");
        Refused(Dat([("w", 1, [float.NaN])], null, null), null, "NaN");
        Refused(Dat([("w", 1, [-1])], null, null), null, "-1");
        Refused(Dat([("w", 1, [1]), ("w", 1, [1])], null, null), null, "twice");
    }

    [Theory]
    [InlineData("w.in_sum2", "", "without its .counts")]
    [InlineData("", "w.counts", "no tensor is named NAME.in_sum2")]
    [InlineData("w.in_sum2", "v.counts", "without its")]
    public void Sums_and_counts_come_in_pairs(string sums, string counts, string expected)
    {
        var writer = new GgufWriter(Metadata());
        if (sums.Length > 0) writer.Add(sums, TensorType.F32, [2], new byte[8]);
        if (counts.Length > 0) writer.Add(counts, TensorType.F32, [1], new byte[4]);
        writer.Save(_folder.File("m.gguf"));
        Refused(File.ReadAllBytes(_folder.File("m.gguf")), null, expected);
    }

    [Theory]
    [InlineData(float.NaN, 1f, "the sum of squares 1 is NaN")]
    [InlineData(float.PositiveInfinity, 1f, "the sum of squares 1 is Infinity")]
    [InlineData(-1f, 1f, "the sum of squares 1 is -1")]
    [InlineData(1f, float.NaN, "holds NaN; expected a count")]
    [InlineData(1f, -1f, "holds -1; expected a count")]
    [InlineData(1f, 1e30f, "holds 1E+30; expected a count")]
    public void Numbers_that_are_no_sums_or_counts(float sum, float count, string expected)
    {
        Refused(Gguf(Metadata(), TensorType.F32, [2], [0, sum], [count]), null, expected);
    }

    [Fact]
    public void Other_types_and_shapes_are_refused()
    {
        Refused(Gguf(Metadata(), TensorType.F32, [3], [1, 2, 3], [1, 2]), null, "there are 3 sums for 2 counts");
        Refused(Gguf(Metadata(), TensorType.F16, [4], [1, 2], [1]), null, "is f16; expected f32");
    }

    [Theory]
    [InlineData("imatrix.datasets")]
    [InlineData("imatrix.chunk_count")]
    [InlineData("imatrix.chunk_size")]
    public void Keys_are_required(string key)
    {
        var metadata = Metadata();
        metadata.Remove(key);
        Refused(Gguf(metadata, TensorType.F32, [2], [1, 2], [1]), null, $"key \"{key}\" is missing");
    }

    [Fact]
    public void A_model_is_no_importance_matrix()
    {
        var error = Assert.Throws<ModelFileException>(() => ImportanceMatrix.Read(SharedFixtures.Local("models/stories260K.gguf")));
        Assert.Contains("no importance matrix", error.Message, StringComparison.Ordinal);
    }

    private static GgufMetadata Metadata() => new("m")
    {
        ["general.type"] = GgufValue.From("imatrix"),
        ["imatrix.datasets"] = GgufValue.From(["a"]),
        ["imatrix.chunk_count"] = GgufValue.From(1u),
        ["imatrix.chunk_size"] = GgufValue.From(8u),
    };

    private byte[] Gguf(GgufMetadata metadata, TensorType type, long[] shape, float[] sums, float[] counts)
    {
        var writer = new GgufWriter(metadata);
        writer.Add("w.in_sum2", type, shape, MemoryMarshal.AsBytes(sums.AsSpan()).ToArray());
        writer.Add("w.counts", TensorType.F32, [counts.Length], MemoryMarshal.AsBytes(counts.AsSpan()).ToArray());
        writer.Save(_folder.File("made.gguf"));
        return File.ReadAllBytes(_folder.File("made.gguf"));
    }

    private static byte[] Dat((string Name, int Calls, float[] Sums)[] entries, int? chunks, string? dataset)
    {
        var stream = new MemoryStream();
        var writer = new BinaryWriter(stream);
        writer.Write(entries.Length);
        foreach (var (name, calls, sums) in entries)
        {
            Text(name);
            writer.Write(calls);
            writer.Write(sums.Length);
            foreach (var sum in sums) writer.Write(sum);
        }

        if (chunks is { } count) writer.Write(count);
        if (dataset is not null) Text(dataset);
        return stream.ToArray();

        void Text(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            writer.Write(bytes.Length);
            writer.Write(bytes);
        }
    }

    private delegate void Change(Span<byte> bytes);

    private ImportanceMatrix Read(ReadOnlySpan<byte> bytes)
    {
        File.WriteAllBytes(_folder.File("file"), bytes);
        return ImportanceMatrix.Read(_folder.File("file"));
    }

    private void Refused(Span<byte> bytes, Change? change = null, string expected = "")
    {
        change?.Invoke(bytes);
        var copy = bytes.ToArray();
        var error = Assert.Throws<ModelFileException>(() => Read(copy));
        Assert.StartsWith(_folder.File("file") + ": ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
