using ArchGen.Gguf.Files;

namespace ArchGen.Tools.Quantization.Importance;

/// <summary>
/// An importance matrix: for each weight tensor the mean square of its inputs, column by column, over some text. Quantization weights errors by it.
/// Read from llama.cpp's GGUF format or its older binary one (.dat), written as GGUF.
/// </summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public sealed class ImportanceMatrix
{
    private readonly SortedList<string, ImportanceEntry> _entries = new(StringComparer.Ordinal);

    /// <summary>A matrix of entries whose names differ.</summary>
    /// <param name="entries">One per weight tensor.</param>
    /// <param name="datasets">The names of the texts.</param>
    /// <param name="chunks">Chunks of text that were run.</param>
    /// <param name="chunkSize">Tokens of a chunk; 0 if unknown; then counts are numbers of chunks.</param>
    public ImportanceMatrix(IEnumerable<ImportanceEntry> entries, IReadOnlyList<string> datasets, int chunks, int chunkSize)
    {
        ArgumentNullException.ThrowIfNull(entries);
        (Datasets, Chunks, ChunkSize) = (datasets, chunks, chunkSize);
        foreach (var entry in entries) _entries.Add(entry.Name, entry);
    }

    /// <summary>The entries by the names of their tensors, in ordinal order.</summary>
    public IReadOnlyDictionary<string, ImportanceEntry> Entries => _entries;

    /// <summary>The names of the weight tensors, in ordinal order.</summary>
    public IReadOnlyList<string> Names => [.. _entries.Keys];

    /// <summary>The names of the texts that were run.</summary>
    public IReadOnlyList<string> Datasets { get; }

    /// <summary>The first of the texts, or null.</summary>
    public string? Dataset => Datasets.Count > 0 ? Datasets[0] : null;

    /// <summary>Chunks of text that were run.</summary>
    public int Chunks { get; }

    /// <summary>Tokens of a chunk; 0 in the older format, which does not store it and counts chunks.</summary>
    public int ChunkSize { get; }

    /// <summary>
    /// The weights of a tensor's input columns as llama-quantize uses them: mean of x², of a stack of experts [experts, columns], 1 where an expert
    /// saw nothing. Empty if the matrix does not know the tensor.
    /// </summary>
    public ReadOnlySpan<float> For(string tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return _entries.TryGetValue(tensor, out var entry) ? entry.Weights : default;
    }

    /// <summary>Reads a file of either format.</summary>
    /// <exception cref="ArchGenException">The file cannot be read, or is no importance matrix.</exception>
    public static unsafe ImportanceMatrix Read(string path)
    {
        using var memory = FileMemory.Map(path, "an importance matrix");
        return memory.Length >= 4 && new ReadOnlySpan<byte>(memory.Start, 4).SequenceEqual("GGUF"u8)
            ? ImportanceGguf.Read(path)
            : ImportanceDat.Read(memory, path);
    }

    /// <summary>Adds matrices of one model up, as if their texts had been run together.</summary>
    /// <param name="matrices">The matrices.</param>
    /// <param name="chunkSize">Tokens of a chunk: the unit of the result's <see cref="Chunks"/>, and of what the older format counts.</param>
    /// <exception cref="ArchGenException">A tensor has more columns or experts in one than in another, or a sum is beyond an f32.</exception>
    public static ImportanceMatrix Combine(IReadOnlyList<ImportanceMatrix> matrices, int chunkSize)
    {
        ArgumentNullException.ThrowIfNull(matrices);
        ArgumentOutOfRangeException.ThrowIfLessThan(chunkSize, 1);
        var total = new ImportanceSums();
        var tokens = 0L;
        foreach (var matrix in matrices)
        {
            var (unit, size) = matrix.ChunkSize == 0 ? (chunkSize, chunkSize) : (1, matrix.ChunkSize);
            tokens += (long)matrix.Chunks * size;
            foreach (var entry in matrix.Entries.Values)
                total.Add(entry.Name, Array.ConvertAll(entry.Sums.ToArray(), s => (double)s * unit), Array.ConvertAll(entry.Counts.ToArray(), c => c * unit));
        }

        return total.ToMatrix([.. matrices.SelectMany(m => m.Datasets)], (int)Math.Min(tokens / chunkSize, int.MaxValue), chunkSize);
    }

    /// <summary>Writes the GGUF format. The file appears whole or not at all.</summary>
    /// <exception cref="ArchGenException">The file cannot be written.</exception>
    public void Save(string path) => ImportanceGguf.Writer(this, path).Save(path);

    /// <summary>Writes the GGUF format to a stream.</summary>
    public void WriteTo(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ImportanceGguf.Writer(this, "importance matrix").WriteTo(stream);
    }
}
