using System.Collections.Immutable;
using ArchGen.Formats;
using ArchGen.Gguf;

namespace ArchGen.Tools.Conversion;

/// <summary>Writes a plan's file, part by part on several threads. The file appears when it is complete.</summary>
public static class ConvertedFile
{
    // Elements of a part: large enough that a write costs little, small enough that it is still in the second-level cache when it is written.
    private const int PartElements = 1 << 17;

    /// <summary>Writes a file, or several parts of one.</summary>
    /// <param name="plan">The keys and tensors.</param>
    /// <param name="path">The file's path; for several parts, the path that their names are made of.</param>
    /// <param name="maximumBytes">The maximum bytes of tensors in one part, or null for one file.</param>
    /// <param name="threads">The number of threads that make and write.</param>
    /// <param name="progress">Receives the number of bytes written so far.</param>
    /// <param name="cancellation">Ends the writing and removes what was written.</param>
    /// <returns>The full paths of the files.</returns>
    /// <exception cref="ArchGenException">A file cannot be written.</exception>
    public static IReadOnlyList<string> Write(ConversionPlan plan, string path, long? maximumBytes, int threads, Action<long>? progress,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(path);
        return ChunkedFile.Write(
            [.. SplitFile.Divide(plan, path, maximumBytes).Select(p => new ChunkedPart(p.Path, p.Metadata, [.. p.Tensors.Select(t => new Chunks(t))]))],
            threads, progress, cancellation);
    }

    /// <summary>Writes one file of these keys and tensors, and returns its full path.</summary>
    /// <exception cref="ArchGenException">The file cannot be written.</exception>
    public static string Write(
        GgufMetadata metadata, IReadOnlyList<ConvertedTensor> tensors, string path, int threads, Action<long>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(tensors);
        return ChunkedFile.Write([new ChunkedPart(path, metadata, [.. tensors.Select(t => new Chunks(t))])], threads, progress, cancellation)[0];
    }

    /// <summary>Writes one file of these keys and tensors to a stream that cannot seek, such as standard output.</summary>
    /// <exception cref="ArchGenException">A number is not finite, or too large for the type.</exception>
    public static void Write(
        GgufMetadata metadata, IReadOnlyList<ConvertedTensor> tensors, Stream stream, Action<long>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(stream);
        ChunkedStream.Write(stream, metadata, [.. tensors.Select(t => new Chunks(t))], progress, cancellation);
    }

    private sealed class Chunks(ConvertedTensor tensor) : IChunkedTensor
    {
        public string Name => tensor.Name;

        public TensorType Type => tensor.Type;

        public ImmutableArray<long> Dimensions { get; } = [.. tensor.Dims.Reverse()];

        IEnumerable<(long First, int Count)> IChunkedTensor.Chunks()
        {
            var count = tensor.Weights.ElementCount;
            for (var first = 0L; first < count; first += PartElements) yield return (first, (int)Math.Min(PartElements, count - first));
        }

        public unsafe ReadOnlySpan<byte> Stored(long first, int count)
        {
            if (!TensorBytes.AreStored(tensor.Weights, Type) || !tensor.Weights.TryGetMemory(out var pointer)) return default;
            var bytes = new ReadOnlySpan<byte>((byte*)pointer + Type.ByteLength(first), (int)Type.ByteLength(count));
            TensorBytes.Encoder(tensor).Check(Type, bytes);
            return bytes;
        }

        public void Make(long first, int count, Span<byte> destination) => TensorBytes.Read(tensor, first, count, Type, destination);
    }
}
