using System.Text;

namespace ArchGen.Samples.Router.Proxy;

/// <summary>Passes an answer on and keeps its end, where the usage is.</summary>
/// <param name="inner">Where the answer goes.</param>
internal sealed class ResponseTail(Stream inner) : Stream
{
    private const int Kept = 4096;

    private readonly byte[] _bytes = new byte[2 * Kept];
    private int _count;

    /// <summary>The last bytes as a text; bytes that are no characters are replaced.</summary>
    public string Text => Encoding.UTF8.GetString(_bytes, Math.Max(0, _count - Kept), Math.Min(_count, Kept));

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Keep(buffer.Span);
        return inner.WriteAsync(buffer, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count)
    {
        Keep(buffer.AsSpan(offset, count));
        inner.Write(buffer, offset, count);
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Kept) bytes = bytes[^Kept..];
        if (_count + bytes.Length > _bytes.Length)
        {
            _bytes.AsSpan(_count - Kept, Kept).CopyTo(_bytes);
            _count = Kept;
        }

        bytes.CopyTo(_bytes.AsSpan(_count));
        _count += bytes.Length;
    }
}
