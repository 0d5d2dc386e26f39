using System.Runtime.InteropServices;

namespace ArchGen.CommandLine;

/// <summary>Thrown when the reader of the output has closed the pipe, as after <c>archgen inspect model.gguf | head</c>.</summary>
internal sealed class ClosedPipeException() : IOException("Nobody reads the output any more.");

/// <summary>Standard output that throws when its reader has closed the pipe. The console's own stream ignores that.</summary>
internal sealed partial class WatchedOutput(Stream inner) : Stream
{
    private const int StandardOutput = 1;
    private const short Gone = 0x08 | 0x10 | 0x20; // POLLERR, POLLHUP, POLLNVAL

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <exception cref="ClosedPipeException">The reader has closed the pipe.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (!OperatingSystem.IsWindows() && IsGone()) throw new ClosedPipeException();
        inner.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private static unsafe bool IsGone()
    {
        var descriptor = new PollDescriptor { File = StandardOutput };
        return Poll(&descriptor, 1, 0) > 0 && (descriptor.Found & Gone) != 0;
    }

    [LibraryImport("libc", EntryPoint = "poll")]
    private static unsafe partial int Poll(PollDescriptor* descriptors, nuint count, int milliseconds);

    private struct PollDescriptor
    {
        public int File;
        public short Wanted;
        public short Found;
    }
}
