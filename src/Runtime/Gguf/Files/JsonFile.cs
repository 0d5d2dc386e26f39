using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace ArchGen.Gguf.Files;

/// <summary>
/// Reads all JSON: checkpoints' side files, recipes, and users' files. It accepts what Python writes (<see cref="PythonJson"/>), skips
/// a byte order mark, and takes the last value of a repeated name, as Python does. Every string consists of whole characters.
/// </summary>
public static class JsonFile
{
    /// <summary>The remedy for a damaged file that was downloaded.</summary>
    public const string DownloadAgain = "Download it again.";

    /// <summary>The remedy for a wrong file that the user wrote.</summary>
    public const string CorrectIt = "Correct it.";

    // The largest published indices and vocabularies have about ten megabytes.
    private const long MaximumBytes = 256 << 20;
    private const int UsualDepth = 64;

    /// <summary>The value in a file, of any kind.</summary>
    /// <param name="path">The file.</param>
    /// <param name="remedy">The remedy: the last sentence of the message.</param>
    /// <param name="keepsCharacters">Whether half of a surrogate pair is an error, as in vocabularies, and not read as U+FFFD.</param>
    /// <exception cref="ModelFileException">It is not there, too large, or no JSON.</exception>
    public static JsonElement Read(string path, string remedy = DownloadAgain, bool keepsCharacters = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (Directory.Exists(path)) throw new ModelFileException($"{path} is a folder, expected a JSON file.");
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaximumBytes and var length })
                throw new ModelFileException($"{path}: the file has {length} bytes, expected at most {MaximumBytes} of JSON. {remedy}");
            return Parse(File.ReadAllBytes(path), path, remedy, keepsCharacters);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelFileException($"{path}: there is no such file. Check the path, or download the whole checkpoint.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException($"{path}: the file cannot be read: {error.Message} Check that it is a file you may read.", error);
        }
    }

    /// <summary>The object in a file.</summary>
    /// <exception cref="ModelFileException">As <see cref="Read"/>, or it holds another kind of value.</exception>
    public static JsonElement ReadObject(string path, string remedy = DownloadAgain, bool keepsCharacters = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        var root = Read(path, remedy, keepsCharacters);
        return root.ValueKind == JsonValueKind.Object ? root : throw new ModelFileException($"{path} holds {Kind(root)}, expected a JSON object ({{...}}). "
            + $"{remedy}");
    }

    /// <summary>The value that some bytes are.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="name">The name in messages.</param>
    /// <param name="remedy">The remedy: the last sentence of the message.</param>
    /// <param name="keepsCharacters">Whether half of a surrogate pair is an error, as in vocabularies, and not read as U+FFFD.</param>
    /// <param name="depth">The deepest nesting.</param>
    /// <exception cref="ModelFileException">They are no JSON.</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> json, string name, string remedy = DownloadAgain, bool keepsCharacters = false, int depth = UsualDepth)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(depth);
        if (json.StartsWith(Encoding.UTF8.Preamble)) json = json[Encoding.UTF8.Preamble.Length..];
        if (json.IsEmpty) throw new ModelFileException($"{name} is empty, expected JSON. {remedy}");
        if (!Utf8.IsValid(json)) throw new ModelFileException($"{name} is not JSON: byte {FirstInvalid(json)} is not UTF-8. {remedy}");
        var changes = PythonJson.Changes(json);
        if (keepsCharacters && changes.Find(c => c.IsCharacter) is { Length: > 0 } half)
        {
            throw new ModelFileException($"{name} is not JSON: "
                + $"{Encoding.UTF8.GetString(json.Slice(half.Start, half.Length))} is half of a surrogate pair and no text. {remedy}");
        }

        try
        {
            return JsonElement.Parse(PythonJson.Apply(json, changes), new JsonDocumentOptions { MaxDepth = depth });
        }
        catch (JsonException error)
        {
            throw new ModelFileException($"{name} is not JSON: {error.Message.TrimEnd('.')}. {remedy}", error);
        }
    }

    /// <summary>A kind of value in words, such as "a list".</summary>
    public static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(bytes[at..], out _, out var length) == System.Buffers.OperationStatus.Done) at += length;
        return at;
    }
}
