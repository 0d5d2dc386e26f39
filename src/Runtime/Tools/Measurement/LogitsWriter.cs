using System.Runtime.InteropServices;

namespace ArchGen.Tools.Measurement;

/// <summary>Saves what a model says of a text, in the format of llama-perplexity (16 bit per token of the vocabulary), which can read it.</summary>
/// <param name="stream">The stream to write to.</param>
public sealed class LogitsWriter(Stream stream)
{
    private int _rowLength;
    private ushort[] _rows = [];

    /// <summary>Bytes that a text takes.</summary>
    public static long FileBytes(ChunkedText text, int vocabulary)
    {
        ArgumentNullException.ThrowIfNull(text);
        return LogitsFormat.FileBytes(text.ChunkLength, vocabulary, text.Chunks);
    }

    /// <summary>Writes what comes before the rows.</summary>
    internal void Begin(ChunkedText text, int vocabulary)
    {
        _rowLength = LogitsFormat.RowLength(vocabulary);
        stream.Write(LogitsFormat.Magic);
        stream.Write(MemoryMarshal.AsBytes<int>([text.ChunkLength, vocabulary, text.Chunks]));
        stream.Write(MemoryMarshal.AsBytes(text.Tokens));
    }

    internal void Prepare(int rows)
    {
        if (_rows.Length < rows * _rowLength) _rows = new ushort[checked(rows * _rowLength)];
    }

    /// <summary>Stores a row; called by several threads.</summary>
    internal void Encode(int row, ReadOnlySpan<float> logits, LogSoftmax softmax) => LogitsFormat.Encode(logits, softmax, Row(row));

    /// <summary>Writes a row that has been stored.</summary>
    internal void Write(int row) => stream.Write(MemoryMarshal.AsBytes(Row(row)));

    private Span<ushort> Row(int row) => _rows.AsSpan(row * _rowLength, _rowLength);
}
