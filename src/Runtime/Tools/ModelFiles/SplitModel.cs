using ArchGen.Formats;
using ArchGen.Gguf;

namespace ArchGen.Tools.ModelFiles;

/// <summary>
/// A model divided into several files, <c>PREFIX-00001-of-00003.gguf</c>, with the keys and bytes of llama.cpp's llama-gguf-split. That one pads a first part
/// without tensors, and refuses a limit that the first tensor is larger than. The first part has all keys; a runtime opens it and finds the others.
/// </summary>
/// <remarks>For one caller at a time.</remarks>
public sealed class SplitModel
{
    /// <summary>The tensors of a part unless another limit is asked for, as in llama-gguf-split.</summary>
    public const int DefaultTensors = 128;

    private readonly GgufFile _source;

    private SplitModel(GgufFile source, IReadOnlyList<IReadOnlyList<GgufTensor>> parts) => (_source, Parts) = (source, parts);

    /// <summary>The tensors of each part, in the order of the file.</summary>
    public IReadOnlyList<IReadOnlyList<GgufTensor>> Parts { get; }

    /// <summary>The bytes of all tensors.</summary>
    public long ByteLength => CopiedFile.Bytes(_source);

    /// <summary>Divides a model by a number of tensors.</summary>
    /// <param name="source">An open model, in one file or in parts.</param>
    /// <param name="tensors">The most tensors of a part: 1 or more.</param>
    /// <param name="emptyFirst">Whether the first part has the keys only, which makes it small.</param>
    /// <exception cref="RequestException">There would be more than 65535 parts.</exception>
    public static SplitModel ByTensors(GgufFile source, int tensors = DefaultTensors, bool emptyFirst = false)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(tensors, 1);
        return Divide(source, (count, _) => count >= tensors, emptyFirst);
    }

    /// <summary>Divides a model by size. A tensor that is larger than a part may be becomes a part of its own.</summary>
    /// <param name="source">An open model, in one file or in parts.</param>
    /// <param name="bytes">The most bytes of the tensors of a part, each rounded up to 32 bytes: 1 or more.</param>
    /// <param name="emptyFirst">Whether the first part has the keys only, which makes it small.</param>
    /// <exception cref="RequestException">There would be more than 65535 parts.</exception>
    public static SplitModel BySize(GgufFile source, long bytes, bool emptyFirst = false)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
        return Divide(source, (_, size) => size > bytes, emptyFirst);
    }

    /// <summary>The path of a part, counted from 0.</summary>
    /// <param name="prefix">The path that names are made of; <c>.gguf</c> at its end is left out.</param>
    /// <param name="part">The part: 0 to one less than there are.</param>
    public string PathOf(string prefix, int part)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return GgufSplit.PartPath(prefix, part, Parts.Count);
    }

    /// <summary>Writes the parts. They appear when all are complete.</summary>
    /// <param name="prefix">The path that names are made of.</param>
    /// <param name="progress">Receives the number of bytes of tensors written so far.</param>
    /// <param name="cancellation">Ends the writing; nothing is left.</param>
    /// <returns>The full paths, the first part first.</returns>
    /// <exception cref="ArchGenException">A file cannot be written, or is one that is read.</exception>
    public IReadOnlyList<string> Write(string prefix, Action<long>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        var parts = Parts.Select((tensors, i) => new ChunkedPart(PathOf(prefix, i), Metadata(i), [.. tensors.Select(t => new CopiedTensor(t))]));
        return CopiedFile.Write(_source, [.. parts], progress, cancellation);
    }

    // In the order of llama-gguf-split, which states the number of parts when it knows it, at the end. GgufSplit.PartMetadata has that of llama-quantize.
    private GgufMetadata Metadata(int part)
    {
        var metadata = part == 0 ? CopiedFile.WholeMetadata(_source) : new GgufMetadata(_source.Name);
        metadata[GgufSplit.NumberKey] = GgufValue.From((ushort)part);
        metadata[GgufSplit.TensorCountKey] = GgufValue.From(_source.Tensors.Count);
        metadata[GgufSplit.CountKey] = GgufValue.From((ushort)Parts.Count);
        return metadata;
    }

    private static SplitModel Divide(GgufFile source, Func<int, long, bool> isFull, bool emptyFirst)
    {
        List<List<GgufTensor>> parts = emptyFirst ? [[], []] : [[]];
        var bytes = 0L;
        foreach (var tensor in source.Tensors)
        {
            var padded = (tensor.ByteLength + GgufHeader.DefaultAlignment - 1) / GgufHeader.DefaultAlignment * GgufHeader.DefaultAlignment;
            if (parts[^1].Count > 0 && isFull(parts[^1].Count, bytes + padded))
            {
                parts.Add([]);
                bytes = 0;
            }

            parts[^1].Add(tensor);
            bytes += padded;
        }

        return parts.Count <= ushort.MaxValue ? new SplitModel(source, parts) : throw new RequestException(
            $"{source.Name}: the limit makes {parts.Count} parts, expected at most {ushort.MaxValue}. Choose a larger one.");
    }
}
