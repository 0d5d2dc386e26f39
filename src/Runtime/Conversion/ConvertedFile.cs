using System.Buffers;
using ArchGen.Gguf;
using ArchGen.Quantization;
using Microsoft.Win32.SafeHandles;

namespace ArchGen.Conversion;

/// <summary>
/// Writes a plan's file: several threads each make a piece of a tensor and write it to its place, so that making and writing overlap and no more than
/// a few pieces are in memory. The file is written beside its place and renamed when it is whole.
/// </summary>
public static class ConvertedFile
{
    // Elements of a piece: large enough that a write costs little, small enough that it is still in the second-level cache when it is written.
    private const int PieceElements = 1 << 17;

    /// <summary>Writes a file, or several parts of one.</summary>
    /// <param name="plan">What to write.</param>
    /// <param name="path">Where; of several parts, the name of the whole.</param>
    /// <param name="maximumBytes">The most bytes of tensors in one part, or null for one file.</param>
    /// <param name="threads">Threads that make and write.</param>
    /// <param name="progress">Told of the bytes written so far.</param>
    /// <param name="cancellation">Ends the writing; nothing is left.</param>
    /// <returns>The files.</returns>
    /// <exception cref="ArchGenException">A file cannot be written.</exception>
    public static IReadOnlyList<string> Write(ConversionPlan plan, string path, long? maximumBytes, int threads, Action<long>? progress, CancellationToken cancellation)
    {
        var parts = SplitFile.Divide(plan, path, maximumBytes);
        var written = 0L;
        var temporary = new List<(string Temporary, string Target)>();
        try
        {
            foreach (var (target, metadata, tensors) in parts)
            {
                var beside = $"{Path.GetFullPath(target)}.{Path.GetRandomFileName()}.tmp";
                temporary.Add((beside, Path.GetFullPath(target)));
                WritePart(beside, metadata, tensors, threads, bytes => progress?.Invoke(Interlocked.Add(ref written, bytes)), cancellation);
            }

            foreach (var (from, to) in temporary) File.Move(from, to, overwrite: true);
            return [.. temporary.Select(t => t.Target)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ArchGenException($"{path}: the file cannot be written: {error.Message} Check the folder, its permissions and the free space.", error);
        }
        finally
        {
            foreach (var (from, _) in temporary) File.Delete(from);
        }
    }

    private static void WritePart(string path, GgufMetadata metadata, IReadOnlyList<ConvertedTensor> tensors, int threads, Action<long> progress, CancellationToken cancellation)
    {
        var writer = new GgufWriter(metadata);
        foreach (var tensor in tensors) writer.Add(tensor.Name, tensor.Type, [.. tensor.Dims.Reverse()], static _ => { });
        var layout = writer.Layout();
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.None);
        RandomAccess.Write(file, layout.Header, 0);
        RandomAccess.SetLength(file, layout.Length);
        var pieces = tensors.SelectMany((tensor, i) => Pieces(tensor, layout.Offsets[i])).ToList();
        var turn = new Lock();
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        try
        {
            Parallel.ForEach(System.Collections.Concurrent.Partitioner.Create(pieces, System.Collections.Concurrent.EnumerablePartitionerOptions.NoBuffering), options, piece => progress(piece.Write(file, turn)));
        }
        catch (AggregateException error) when (error.InnerException is { } inner)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(inner);
        }
    }

    private static IEnumerable<Piece> Pieces(ConvertedTensor tensor, long offset)
    {
        var count = tensor.Weights.ElementCount;
        for (var first = 0L; first < count; first += PieceElements) yield return new Piece(tensor, first, (int)Math.Min(PieceElements, count - first), offset + tensor.Type.ByteLength(first));
    }

    private sealed record Piece(ConvertedTensor Tensor, long First, int Count, long Offset)
    {
        public unsafe long Write(SafeFileHandle file, Lock turn)
        {
            var (type, weights) = (Tensor.Type, Tensor.Weights);
            var length = (int)type.ByteLength(Count);
            if (TensorBytes.AreStored(weights, type) && weights.TryGetMemory(out var pointer))
            {
                lock (turn) RandomAccess.Write(file, new ReadOnlySpan<byte>((byte*)pointer + type.ByteLength(First), length), Offset);
                return length;
            }

            var bytes = ArrayPool<byte>.Shared.Rent(length);
            try
            {
                var target = bytes.AsSpan(0, length);
                TensorBytes.Read(weights, First, Count, type, target);
                // The system lets one thread at a time write to a file; waiting here, the others do not spin in it.
                lock (turn) RandomAccess.Write(file, target, Offset);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(bytes);
            }

            return length;
        }
    }
}
