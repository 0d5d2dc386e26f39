namespace ArchGen.Gguf.Files;

/// <summary>
/// An unfinished file, or folder: written under another name in the same folder, and renamed when it is complete. Without <see cref="Commit"/> it is deleted.
/// </summary>
/// <remarks>For one caller at a time.</remarks>
public sealed class PendingFile : IDisposable
{
    private static readonly Lock PendingLock = new();
    private static readonly HashSet<string> Pending = new(StringComparer.Ordinal);
    private static bool _isEnding;

    /// <summary>Chooses a name beside a file's place. Nothing is written yet.</summary>
    /// <param name="target">The full path.</param>
    /// <exception cref="OperationCanceledException">The process is about to end.</exception>
    public PendingFile(string target)
    {
        (Target, Path) = (target, $"{target}.{System.IO.Path.GetRandomFileName()}.tmp");
        lock (PendingLock)
        {
            if (_isEnding) throw new OperationCanceledException();
            Pending.Add(Path);
        }
    }

    /// <summary>The path of the finished file.</summary>
    public string Target { get; }

    /// <summary>The path to write to.</summary>
    public string Path { get; }

    /// <summary>Puts the file in its place; what was there is replaced.</summary>
    public void Commit() => File.Move(Path, Target, overwrite: true);

    /// <summary>Deletes what was written, unless it has been put in its place.</summary>
    public void Dispose()
    {
        // Without its folder there is nothing to delete.
        if (File.Exists(Path)) File.Delete(Path);
        lock (PendingLock) Pending.Remove(Path);
    }

    /// <summary>Deletes all unfinished files, for a process that ends immediately; no file can be begun from now on.</summary>
    public static void DeleteAll()
    {
        lock (PendingLock)
        {
            _isEnding = true;
            foreach (var path in Pending) Try(path);
        }

        // Goes on if a file cannot be deleted.
        static void Try(string path)
        {
            try
            {
                if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
                else File.Delete(path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
            }
        }
    }
}
