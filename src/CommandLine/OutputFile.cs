using ArchGen.Gguf.Files;

namespace ArchGen.CommandLine;

/// <summary>
/// Atomic file output: written under a temporary name in the same folder, then renamed. A symbolic link is kept, and its target is replaced;
/// a device or a pipe is written directly.
/// </summary>
internal static class OutputFile
{
    /// <summary>Writes a file.</summary>
    /// <exception cref="ArchGenException">The path is a folder, or its folder does not exist.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        if (Directory.Exists(path)) throw new RequestException($"{path} is a folder, expected the name of a file to write.");
        if (OpenSpecial(path) is { } special)
        {
            using (special) write(special);
            return;
        }

        var target = Target(path);
        var folder = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(folder)) throw new RequestException($"{path}: the folder {folder} does not exist. Make it, or choose another name.");
        using var file = new PendingFile(target);
        using (var stream = File.Create(file.Path)) write(stream);
        file.Commit();
    }

    /// <summary>A device or pipe, opened for appending; null for a plain file and for a path that does not exist.</summary>
    private static FileStream? OpenSpecial(string path)
    {
        if (!File.Exists(path)) return null;
        // A name in /dev is a device, or a link to an open file (/dev/stdout), always; other names must be opened to find out.
        var isDevice = IsDevice(Path.GetFullPath(path)) || IsDevice(Target(path));
        var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        if (isDevice || !stream.CanSeek) return stream;
        stream.Dispose();
        return null;
    }

    /// <summary>The target of a path and its symbolic links; it need not exist.</summary>
    private static string Target(string path) =>
        new FileInfo(path).LinkTarget is null ? Path.GetFullPath(path) : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;

    private static bool IsDevice(string path) => !OperatingSystem.IsWindows()
        && (Path.GetDirectoryName(path) is "/dev" or "/dev/fd" or "/dev/pts" || path.StartsWith("/proc/", StringComparison.Ordinal));
}
