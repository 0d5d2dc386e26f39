using ArchGen.Gguf.Files;

namespace ArchGen.Cli;

/// <summary>
/// A file that appears whole or not at all: written beside its place, then renamed. A symbolic link stays, and what it names is written;
/// a device or a pipe has no place to rename to, and is written as it is.
/// </summary>
internal static class OutputFile
{
    /// <summary>Writes a file.</summary>
    /// <exception cref="ArchGenException">The place is a folder, or in none that exists.</exception>
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

    /// <summary>What is no plain file, open at its end; null for a plain file, and where there is nothing yet.</summary>
    private static FileStream? OpenSpecial(string path)
    {
        if (!File.Exists(path)) return null;
        // A name in /dev is a device, or a link to an open file (/dev/stdout), for good; of other names only opening one tells.
        var isDevice = IsDevice(Path.GetFullPath(path)) || IsDevice(Target(path));
        var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        if (isDevice || !stream.CanSeek) return stream;
        stream.Dispose();
        return null;
    }

    /// <summary>Where a name leads in the end; what is there need not exist.</summary>
    private static string Target(string path) =>
        new FileInfo(path).LinkTarget is null ? Path.GetFullPath(path) : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;

    private static bool IsDevice(string path) => !OperatingSystem.IsWindows() && (Path.GetDirectoryName(path) is "/dev" or "/dev/fd" or "/dev/pts" || path.StartsWith("/proc/", StringComparison.Ordinal));
}
