using ArchGen.Gguf;

namespace ArchGen.Tools.ModelFiles;

/// <summary>The parts of a split model as one file again: the bytes that it had before it was split.</summary>
public static class MergedParts
{
    /// <summary>Writes one file. It appears when it is complete.</summary>
    /// <param name="source">A model opened by its first part.</param>
    /// <param name="path">The path of the file.</param>
    /// <param name="progress">Receives the number of bytes of tensors written so far.</param>
    /// <param name="cancellation">Ends the writing; nothing is left.</param>
    /// <returns>The full path of the file.</returns>
    /// <exception cref="ArchGenException">The model is not split, or the file cannot be written or is one that is read.</exception>
    public static string Write(GgufFile source, string path, Action<long>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        Check(source);
        return CopiedFile.Write(
            source, [new ChunkedPart(path, CopiedFile.WholeMetadata(source), CopiedFile.Tensors(source))], progress, cancellation)[0];
    }

    /// <summary>Writes the file to a stream that cannot seek, such as standard output.</summary>
    /// <exception cref="ArchGenException">The model is not split.</exception>
    public static void Write(GgufFile source, Stream stream, Action<long>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        Check(source);
        ChunkedStream.Write(stream, CopiedFile.WholeMetadata(source), CopiedFile.Tensors(source), progress, cancellation);
    }

    /// <summary>The files that the model consists of, the first part first.</summary>
    /// <exception cref="RequestException">The model is not split.</exception>
    public static IReadOnlyList<string> Files(GgufFile source)
    {
        ArgumentNullException.ThrowIfNull(source);
        Check(source);
        return [.. CopiedFile.FileNames(source)];
    }

    private static void Check(GgufFile source)
    {
        if (!source.Metadata.ContainsKey(GgufSplit.CountKey))
            throw new RequestException($"{source.Name} is one file already: it has no key {GgufSplit.CountKey}. Name the first part of a split model.");
    }
}
