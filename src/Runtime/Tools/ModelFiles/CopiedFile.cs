using ArchGen.Gguf;

namespace ArchGen.Tools.ModelFiles;

/// <summary>What edited, split and merged files have in common: the tensors of an open file, under other keys or in other files.</summary>
internal static class CopiedFile
{
    // Copies of mapped memory: a second thread reads while one writes; more would wait for the disk.
    private const int Threads = 2;

    private const string SplitPrefix = "split.";

    /// <summary>Writes files of tensors of an open file; they appear when all are complete.</summary>
    /// <param name="read">Further files that are read, beside those of the source.</param>
    /// <exception cref="ArchGenException">A file cannot be written, or is one that is read.</exception>
    public static IReadOnlyList<string> Write(
        GgufFile source, IReadOnlyList<ChunkedPart> parts, Action<long>? progress, CancellationToken cancellation, IReadOnlyList<string>? read = null)
    {
        foreach (var part in parts)
        {
            var target = ChunkedFile.Target(part.Path);
            if (FileNames(source).Concat(read ?? []).Any(name => ChunkedFile.IsSame(name, target)))
                throw new RequestException($"{part.Path} is a file that is read. Choose another name for the result.");
        }

        return ChunkedFile.Write(parts, Threads, progress, cancellation);
    }

    /// <summary>The tensors of an open file, in its order.</summary>
    public static IReadOnlyList<IChunkedTensor> Tensors(GgufFile source) => [.. source.Tensors.Select(t => new CopiedTensor(t))];

    /// <summary>The keys of a file as it is in one piece.</summary>
    public static GgufMetadata WholeMetadata(GgufFile source)
    {
        var metadata = new GgufMetadata(source.Name);
        foreach (var (key, value) in source.Metadata)
            if (!IsOfSplit(key)) metadata[key] = value;
        return metadata;
    }

    /// <summary>Whether a key says which part of a model a file is.</summary>
    public static bool IsOfSplit(string key) => key.StartsWith(SplitPrefix, StringComparison.Ordinal);

    /// <summary>The bytes of all tensors.</summary>
    public static long Bytes(GgufFile source) => source.Tensors.Sum(t => t.ByteLength);

    /// <summary>The files that an open model consists of.</summary>
    public static IEnumerable<string> FileNames(GgufFile source) => source.Tensors.Select(t => t.FileName).Prepend(source.Name).Distinct();
}
