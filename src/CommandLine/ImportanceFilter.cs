using ArchGen.Tools.Quantization.Importance;

namespace ArchGen.CommandLine;

/// <summary>Reads the entries of an importance matrix for chosen tensors.</summary>
internal static class ImportanceFilter
{
    /// <summary>Reads the entries whose names contain one of <paramref name="included"/>, if any is given, and none of <paramref name="excluded"/>.</summary>
    /// <exception cref="ArchGenException">Both are given, no entry is left, or the file is no importance matrix.</exception>
    public static ImportanceMatrix Read(string path, string[] included, string[] excluded)
    {
        if (included.Length > 0 && excluded.Length > 0)
        {
            throw new RequestException("--include-weights and --exclude-weights do not go together. Give one of them.");
        }

        var matrix = ImportanceMatrix.Read(path);
        if (included.Length + excluded.Length == 0) return matrix;
        var entries = matrix.Entries.Values.Where(e => (included.Length == 0 || included.Any(e.Name.Contains)) && !excluded.Any(e.Name.Contains)).ToList();
        return entries.Count > 0
            ? new ImportanceMatrix(entries, matrix.Datasets, matrix.Chunks, matrix.ChunkSize)
            : throw new RequestException($"{path}: no entry is left by --include-weights or --exclude-weights. Its tensors are named as in {matrix.Names[0]}.");
    }
}
