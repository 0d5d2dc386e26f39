using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace ArchGen.Gguf.Files;

/// <summary>The bytes of one file: mapped from disk, or copied from a stream to memory aligned to 64 bytes.</summary>
internal sealed unsafe partial class FileMemory : IDisposable
{
    private const int Alignment = 64;

    // mman.h of Linux.
    private const int HugePages = 14;

    private readonly MemoryMappedViewAccessor? _view;
    private readonly Lock _lock = new();
    private readonly byte* _start;
    private volatile bool _isClosed;
    private int _holders;

    private FileMemory(MemoryMappedViewAccessor? view, byte* start, long length)
    {
        _view = view;
        _start = start;
        Length = length;
    }

    public long Length { get; }

    /// <summary>The first byte.</summary>
    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    public byte* Start => !_isClosed ? _start : throw new ObjectDisposedException(nameof(FileMemory));

    /// <summary>Whether the file was closed.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>Maps a file from disk.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="expected">The expected kind of file, for messages.</param>
    public static FileMemory Map(string path, string expected)
    {
        try
        {
            using var stream = InputFile.Open(path, expected, bufferSize: 1);
            if (stream.Length == 0)
                throw new ModelFileException($"{path}: the file is empty; expected {expected}. Download or convert it again.");
            using var map = MemoryMappedFile.CreateFromFile(
                stream, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            var view = map.CreateViewAccessor(0, stream.Length, MemoryMappedFileAccess.Read);
            byte* start = null;
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            PreferHugePages(start, stream.Length);
            return new FileMemory(view, start + view.PointerOffset, stream.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new ModelFileException($"{path}: the file cannot be read: {e.Message} Check that it is a file you may read.", e);
        }
    }

    public static FileMemory Copy(Stream stream, string name)
    {
        var length = stream.Length - stream.Position;
        if (length == 0)
            throw new ModelFileException($"{name}: the stream is empty; expected a model. Supply the whole model.");
        var start = (byte*)NativeMemory.AlignedAlloc((nuint)length, Alignment);
        var memory = new FileMemory(null, start, length);
        try
        {
            for (long done = 0; done < length;)
            {
                var part = (int)Math.Min(length - done, 1 << 30);
                stream.ReadExactly(new Span<byte>(start + done, part));
                done += part;
            }

            return memory;
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    /// <summary>Keeps the bytes where they are until <see cref="Release"/>, for one that has their addresses.</summary>
    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    public void Hold()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            _holders++;
        }
    }

    /// <summary>Ends one <see cref="Hold"/>.</summary>
    public void Release()
    {
        lock (_lock)
        {
            if (--_holders == 0 && _isClosed) Free();
        }
    }

    /// <summary>Closes the file. Its bytes are given back at once, or with the last <see cref="Release"/>.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isClosed) return;
            _isClosed = true;
            if (_holders == 0) Free();
        }
    }

    private void Free()
    {
        if (_view is null)
        {
            NativeMemory.AlignedFree(_start);
        }
        else
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
        }
    }

    /// <summary>
    /// Data outside the page cache is then read in pieces of 2 MB, if the file system can: fewer faults, and fewer misses of the address translation
    /// as long as the pages are cached. A system without such pages ignores the advice.
    /// </summary>
    private static void PreferHugePages(byte* start, long length)
    {
        if (OperatingSystem.IsLinux()) _ = Advise(start, (nuint)length, HugePages);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(byte* start, nuint length, int advice);
}
