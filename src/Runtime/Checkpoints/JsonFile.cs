using System.Text.Json;

namespace ArchGen.Checkpoints;

/// <summary>The JSON files of a checkpoint folder.</summary>
internal static class JsonFile
{
    // The largest indices that are published have some megabytes.
    private const long MaximumBytes = 256 << 20;

    /// <summary>The root object of a file.</summary>
    /// <exception cref="ArchGenException">It is not there, too large, or no JSON object.</exception>
    public static JsonElement Read(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (stream.Length > MaximumBytes) throw new ArchGenException($"{path}: the file has {stream.Length} bytes, expected at most {MaximumBytes} of JSON. Download it again.");
            using var document = JsonDocument.Parse(stream, new JsonDocumentOptions { MaxDepth = 64 });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new ArchGenException($"{path}: it holds a {document.RootElement.ValueKind}, expected a JSON object. Download it again.");
            return document.RootElement.Clone();
        }
        catch (JsonException error)
        {
            throw new ArchGenException($"{path}: it is not JSON: {error.Message.TrimEnd('.')}. Download it again.", error);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ArchGenException($"{path}: there is no such file; expected one in a checkpoint's folder. Download the whole checkpoint.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ArchGenException($"{path}: the file cannot be read: {error.Message} Check that it is a file you may read.", error);
        }
    }
}
