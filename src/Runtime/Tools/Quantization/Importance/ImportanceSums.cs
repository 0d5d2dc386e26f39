namespace ArchGen.Tools.Quantization.Importance;

/// <summary>Adds importance matrices up.</summary>
internal sealed class ImportanceSums
{
    private readonly Dictionary<string, (double[] Sums, long[] Counts)> _entries = new(StringComparer.Ordinal);

    /// <summary>Adds to a tensor's sums. One count for all experts of a stack, as in the older format, applies to each of them.</summary>
    /// <exception cref="ArchGenException">There are more or fewer columns or experts than before.</exception>
    public void Add(string name, ReadOnlySpan<double> sums, ReadOnlySpan<long> counts)
    {
        if (!_entries.TryGetValue(name, out var entry)) entry = (new double[sums.Length], new long[counts.Length]);
        if (entry.Sums.Length != sums.Length) throw Mismatch(name, $"{sums.Length} sums, and {entry.Sums.Length} elsewhere");
        if (entry.Counts.Length == 1 && counts.Length > 1)
        {
            var count = entry.Counts[0];
            entry.Counts = new long[counts.Length];
            Array.Fill(entry.Counts, count);
        }

        if (counts.Length != 1 && counts.Length != entry.Counts.Length) throw Mismatch(name, $"{counts.Length} counts, and {entry.Counts.Length} elsewhere");
        for (var i = 0; i < sums.Length; i++) entry.Sums[i] += sums[i];
        for (var i = 0; i < entry.Counts.Length; i++) entry.Counts[i] = checked(entry.Counts[i] + counts[counts.Length == 1 ? 0 : i]);
        _entries[name] = entry;
    }

    /// <summary>The sums as a matrix.</summary>
    public ImportanceMatrix ToMatrix(IReadOnlyList<string> datasets, int chunks, int chunkSize) => new(
        _entries.Select(e => new ImportanceEntry(e.Key, Array.ConvertAll(e.Value.Sums, s => (float)s), e.Value.Counts)), datasets, chunks, chunkSize);

    private static ModelFileException Mismatch(string name, string difference) =>
        new($"Importance matrices of different models cannot be combined: one has, of {name}, {difference}. Combine those of one model.");
}
