namespace ArchGen.Gguf.Files;

/// <summary>Files that are read; what is wrong with one is said in the same words everywhere.</summary>
public static class InputFile
{
    private const int BufferSize = 1 << 16;

    /// <summary>Opens a file.</summary>
    /// <param name="path">Its path; it may be a pipe or a device.</param>
    /// <param name="expected">The expected kind of file, for messages, such as "a GGUF model".</param>
    /// <param name="bufferSize">Bytes of the stream's buffer.</param>
    /// <exception cref="ModelFileException">It is not there, is a folder, or may not be read.</exception>
    public static FileStream Open(string path, string expected, int bufferSize = BufferSize)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0) throw new ModelFileException($"The name of a file is empty; expected that of {expected}. Name a file.");
        if (Directory.Exists(path)) throw new ModelFileException($"{path} is a folder, expected {expected}. Name a file.");
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelFileException($"{path}: there is no such file; expected {expected}. Check the path.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new ModelFileException($"{path}: the file cannot be read: {error.Message} Check that it is a file you may read.", error);
        }
    }

    /// <summary>The bytes of a file.</summary>
    /// <exception cref="ModelFileException">As <see cref="Open"/>.</exception>
    public static byte[] ReadAllBytes(string path, string expected)
    {
        using var stream = Open(path, expected);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>The text of a file, UTF-8 unless it begins with the mark of another encoding.</summary>
    /// <exception cref="ModelFileException">As <see cref="Open"/>.</exception>
    public static string ReadAllText(string path, string expected)
    {
        using var reader = new StreamReader(Open(path, expected));
        return reader.ReadToEnd();
    }
}
