namespace ArchGen.Cli;

/// <summary>A file that appears whole or not at all: written beside its place, then renamed.</summary>
internal static class OutputFile
{
    public static void Write(string path, Action<Stream> write)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder)) throw new ArchGenException($"{path}: the folder {folder} does not exist. Make it, or choose another --output.");
        if (Directory.Exists(path)) throw new ArchGenException($"{path} is a folder, expected the name of a file to write.");
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = File.Create(temporary)) write(stream);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
