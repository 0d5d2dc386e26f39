using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using ArchGen.Formats;
using ArchGen.Gguf.Files;
using Microsoft.Win32.SafeHandles;

namespace ArchGen.Gguf;

/// <summary>One file of a model: the whole, or a part of one that is split.</summary>
internal sealed record ChunkedPart(string Path, GgufMetadata Metadata, IReadOnlyList<IChunkedTensor> Tensors);

/// <summary>
/// Writes GGUF files: several threads each compute a chunk of a tensor and write it at its offset, so that computing and writing overlap and no more than a few
/// chunks are in memory. Files are written under temporary names and renamed when all are complete.
/// </summary>
internal static class ChunkedFile
{
    private const string SharedMemory = "/dev/shm/";
    private static readonly string[] DeviceFolders = ["/dev/", "/proc/", "/sys/"];

    /// <summary>Writes files.</summary>
    /// <param name="parts">The files to write; a split model is opened by the first.</param>
    /// <param name="threads">Threads that make and write.</param>
    /// <param name="progress">Receives the number of bytes of tensors written so far.</param>
    /// <param name="cancellation">Ends the writing; nothing is left.</param>
    /// <returns>The files, in full.</returns>
    /// <exception cref="ArchGenException">A file cannot be written.</exception>
    public static IReadOnlyList<string> Write(IReadOnlyList<ChunkedPart> parts, int threads, Action<long>? progress, CancellationToken cancellation)
    {
        var written = 0L;
        var pending = new List<PendingFile>();
        try
        {
            foreach (var part in parts)
            {
                pending.Add(new PendingFile(Target(part.Path)));
                WritePart(pending[^1].Path, part, threads, bytes => progress?.Invoke(Interlocked.Add(ref written, bytes)), cancellation);
            }

            // A split model is opened by its first part: that one is removed first and renamed last, so that no old part is read together with a new one.
            if (pending.Count > 1) File.Delete(pending[0].Target);
            foreach (var file in Enumerable.Reverse(pending)) file.Commit();
            return [.. pending.Select(file => file.Target)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ArchGenException($"{parts[0].Path}: the file cannot be written: {error.Message} Check the folder, its permissions and the free space.",
                error);
        }
        finally
        {
            foreach (var file in pending) file.Dispose();
        }
    }

    /// <summary>The full path of a file, or the target if it is a symbolic link.</summary>
    /// <exception cref="ArchGenException">A folder or a device has that name, or its folder does not exist.</exception>
    public static string Target(string path)
    {
        var full = Path.GetFullPath(path);
        var target = new FileInfo(full).LinkTarget is null ? full : File.ResolveLinkTarget(full, returnFinalTarget: true)!.FullName;
        if (Directory.Exists(target)) throw new RequestException($"{path} is a folder, expected the name of a file to write.");
        // Renaming a file to a device's name would take the device from the whole system.
        if (!OperatingSystem.IsWindows() && DeviceFolders.Any(folder => target.StartsWith(folder, StringComparison.Ordinal))
            && !target.StartsWith(SharedMemory, StringComparison.Ordinal))
        {
            throw new RequestException($"{path} is in the system's folder of devices, expected the name of a file to write.");
        }

        if (Path.GetDirectoryName(target) is { } folder && !Directory.Exists(folder))
        {
            throw new RequestException(
            $"{path}: the folder {folder} does not exist. Make it, or choose another name.");
        }

        return target;
    }

    /// <summary>Whether two names lead to one file.</summary>
    public static bool IsSame(string path, string target) => File.Exists(path) && Target(path) == target;

    private static void WritePart(string path, ChunkedPart part, int threads, Action<long> progress, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        var writer = new GgufWriter(part.Metadata);
        foreach (var tensor in part.Tensors) writer.Add(tensor.Name, tensor.Type, tensor.Dimensions.AsSpan(), static _ => { });
        var layout = writer.Layout();
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.None);
        RandomAccess.Write(file, layout.Header, 0);
        RandomAccess.SetLength(file, layout.Length);
        var chunks = part.Tensors.SelectMany((tensor, i) =>
            tensor.Chunks().Select(p => new Chunk(tensor, p.First, p.Count, layout.Offsets[i] + tensor.Type.ByteLength(p.First))));
        var turn = new Lock();
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        try
        {
            Parallel.ForEach(Partitioner.Create(chunks, EnumerablePartitionerOptions.NoBuffering), options, chunk => progress(chunk.Write(file, turn)));
        }
        catch (AggregateException error) when (error.InnerException is { } inner)
        {
            ExceptionDispatchInfo.Throw(inner);
        }
    }

    private readonly record struct Chunk(IChunkedTensor Tensor, long First, int Count, long Offset)
    {
        public long Write(SafeFileHandle file, Lock turn)
        {
            var stored = Tensor.Stored(First, Count);
            if (!stored.IsEmpty)
            {
                lock (turn) RandomAccess.Write(file, stored, Offset);
                return stored.Length;
            }

            var length = (int)Tensor.Type.ByteLength(Count);
            var bytes = ArrayPool<byte>.Shared.Rent(length);
            try
            {
                var target = bytes.AsSpan(0, length);
                Tensor.Make(First, Count, target);
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
