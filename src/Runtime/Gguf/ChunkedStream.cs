using System.Buffers;
using ArchGen.Formats;

namespace ArchGen.Gguf;

/// <summary>Writes a GGUF file to a stream that cannot seek, such as standard output: one chunk after another.</summary>
internal static class ChunkedStream
{
    /// <summary>Writes a file; no more than one chunk of it is in memory.</summary>
    /// <param name="stream">Written from its position on.</param>
    /// <param name="metadata">The keys.</param>
    /// <param name="tensors">The tensors, in order.</param>
    /// <param name="progress">Receives the number of bytes of tensors written so far.</param>
    /// <param name="cancellation">Ends the writing.</param>
    public static void Write(
        Stream stream, GgufMetadata metadata, IReadOnlyList<IChunkedTensor> tensors, Action<long>? progress, CancellationToken cancellation)
    {
        var writer = new GgufWriter(metadata);
        var written = 0L;
        foreach (var tensor in tensors) writer.Add(tensor.Name, tensor.Type, tensor.Dimensions.AsSpan(), output => WriteChunks(tensor, output));
        writer.WriteTo(stream);

        void WriteChunks(IChunkedTensor tensor, Stream output)
        {
            foreach (var (first, count) in tensor.Chunks())
            {
                cancellation.ThrowIfCancellationRequested();
                WriteChunk(tensor, first, count, output);
                progress?.Invoke(written += tensor.Type.ByteLength(count));
            }
        }
    }

    private static void WriteChunk(IChunkedTensor tensor, long first, int count, Stream output)
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
