using System.Buffers;
using ArchGen.Formats;

namespace ArchGen.Gguf;

/// <summary>Writes a GGUF file to a stream that cannot go back, such as standard output: one piece behind the other.</summary>
internal static class PiecewiseStream
{
    /// <summary>Writes a file; no more than one piece of it is in memory.</summary>
    /// <param name="stream">Written from its position on.</param>
    /// <param name="metadata">The keys.</param>
    /// <param name="tensors">The tensors, in order.</param>
    /// <param name="progress">Told of the bytes of tensors written so far.</param>
    /// <param name="cancellation">Ends the writing.</param>
    public static void Write(
        Stream stream, GgufMetadata metadata, IReadOnlyList<IPiecewiseTensor> tensors, Action<long>? progress, CancellationToken cancellation)
    {
        var writer = new GgufWriter(metadata);
        var written = 0L;
        foreach (var tensor in tensors) writer.Add(tensor.Name, tensor.Type, tensor.Dimensions.AsSpan(), output => WritePieces(tensor, output));
        writer.WriteTo(stream);

        void WritePieces(IPiecewiseTensor tensor, Stream output)
        {
            foreach (var (first, count) in tensor.Pieces())
            {
                cancellation.ThrowIfCancellationRequested();
                WritePiece(tensor, first, count, output);
                progress?.Invoke(written += tensor.Type.ByteLength(count));
            }
        }
    }

    private static void WritePiece(IPiecewiseTensor tensor, long first, int count, Stream output)
    {
        if (tensor.Stored(first, count) is { IsEmpty: false } stored)
        {
            output.Write(stored);
            return;
        }

        var length = (int)tensor.Type.ByteLength(count);
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            tensor.Make(first, count, bytes.AsSpan(0, length));
            output.Write(bytes, 0, length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
