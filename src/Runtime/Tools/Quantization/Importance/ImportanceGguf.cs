using System.Runtime.InteropServices;
using ArchGen.Formats;
using ArchGen.Gguf;

namespace ArchGen.Tools.Quantization.Importance;

/// <summary>
/// Importance matrices as GGUF, as llama.cpp stores them: for each weight tensor NAME the f32 tensors NAME.in_sum2 [columns, counts], the sums
/// of squares, and NAME.counts [1, counts].
/// </summary>
internal static class ImportanceGguf
{
    private const string Sums = ".in_sum2", Counts = ".counts";
    private const string DatasetsKey = "imatrix.datasets", ChunksKey = "imatrix.chunk_count", ChunkSizeKey = "imatrix.chunk_size";
    private const string Remedy = "Compute the matrix again with 'archgen imatrix', or download it again.";

    // Far beyond the whole numbers that an f32 represents, and small enough that the sum of two counts fits a long.
    private const float LargestCount = 1L << 53;

    public static ImportanceMatrix Read(string path)
    {
        using var file = GgufFile.Open(path);
        var names = file.Tensors.Where(t => t.Name.EndsWith(Sums, StringComparison.Ordinal)).Select(t => t.Name[..^Sums.Length]).ToArray();
        if (names.Length == 0)
            throw new ModelFileException($"{path}: no tensor is named NAME{Sums}, so this is no importance matrix. Make one with 'archgen imatrix'.");
        foreach (var tensor in file.Tensors.Where(t => t.Name.EndsWith(Counts, StringComparison.Ordinal)))
        {
            if (!file.TryGetTensor(tensor.Name[..^Counts.Length] + Sums, out _)) throw Lonely(path, tensor.Name, Sums);
        }

        var (chunks, size) = (file.Metadata.GetInt32(ChunksKey), file.Metadata.GetInt32(ChunkSizeKey));
        if (chunks < 0 || size < 0) throw new ModelFileException($"{path}: {chunks} chunks of {size} tokens; expected 0 or more of each. {Remedy}");
        return new ImportanceMatrix(names.Select(name => Entry(file, name)), file.Metadata.GetStrings(DatasetsKey), chunks, size);
    }

    /// <summary>A writer that holds a matrix.</summary>
    /// <param name="matrix">The matrix; its chunk size is known.</param>
    /// <param name="name">The name of the file in messages.</param>
    public static GgufWriter Writer(ImportanceMatrix matrix, string name)
    {
        var writer = new GgufWriter(new GgufMetadata(name)
        {
            ["general.type"] = GgufValue.From("imatrix"),
            [DatasetsKey] = GgufValue.From([.. matrix.Datasets]),
            [ChunksKey] = GgufValue.From((uint)matrix.Chunks),
            [ChunkSizeKey] = GgufValue.From((uint)matrix.ChunkSize),
        });
        foreach (var entry in matrix.Entries.Values)
        {
            // As ggml writes shapes: without sizes of 1 at the end.
            var isStack = entry.Counts.Length > 1;
            ReadOnlySpan<long> shape = isStack ? [entry.Columns, entry.Counts.Length] : [entry.Columns];
            writer.Add(entry.Name + Sums, TensorType.F32, shape, stream => stream.Write(MemoryMarshal.AsBytes(entry.Sums)));
            var counts = Array.ConvertAll(entry.Counts.ToArray(), count => (float)count);
            writer.Add(entry.Name + Counts, TensorType.F32, isStack ? [1, counts.Length] : [1], stream => stream.Write(MemoryMarshal.AsBytes<float>(counts)));
        }

        return writer;
    }

    private static ImportanceEntry Entry(GgufFile file, string name)
    {
        var sums = Floats(file, name, Sums);
        var counts = Array.ConvertAll(Floats(file, name, Counts), count => count is >= 0 and <= LargestCount
            ? (long)MathF.Round(count, MidpointRounding.AwayFromZero)
            : throw new ModelFileException(FormattableString.Invariant(
                $"{file.Name}: tensor {MessageText.Quote(name + Counts)} holds {count}; expected a count, 0 or more. {Remedy}")));
        return ImportanceEntry.Flaw(sums, counts) is { } flaw
            ? throw new ModelFileException($"{file.Name}: tensors {MessageText.Quote(name + Sums)} and {Counts}: {flaw}. {Remedy}")
            : new ImportanceEntry(name, sums, counts);
    }

    private static float[] Floats(GgufFile file, string name, string suffix)
    {
        if (!file.TryGetTensor(name + suffix, out var tensor)) throw Lonely(file.Name, name + (suffix == Sums ? Counts : Sums), suffix);
        if (tensor.Type != TensorType.F32)
            throw new ModelFileException($"{file.Name}: tensor {MessageText.Quote(tensor.Name)} is {tensor.Type.Name}; expected f32. {Remedy}");
        if (tensor.ByteLength > int.MaxValue)
        {
            throw new ModelFileException($"{file.Name}: tensor {MessageText.Quote(tensor.Name)} has {tensor.ElementCount} elements; "
                + $"expected at most {int.MaxValue / sizeof(float)}. {Remedy}");
        }

        return MemoryMarshal.Cast<byte, float>(tensor.Span).ToArray();
    }

    private static ModelFileException Lonely(string path, string tensor, string missing) =>
        new($"{path}: tensor {MessageText.Quote(tensor)} is there without its {missing}; expected sums and counts of each weight tensor. {Remedy}");
}
