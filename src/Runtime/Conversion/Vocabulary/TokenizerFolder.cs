using System.Text.Json;

namespace ArchGen.Conversion.Vocabulary;

/// <summary>The tokenizer files of a checkpoint folder.</summary>
internal sealed class TokenizerFolder(string folder)
{
    private readonly Dictionary<string, JsonElement?> _json = new(StringComparer.Ordinal);

    /// <summary>The folder, for messages.</summary>
    public string Folder => folder;

    /// <summary>tokenizer.json, or null.</summary>
    public JsonElement? Tokenizer => Json("tokenizer.json");

    /// <summary>tokenizer_config.json, or null.</summary>
    public JsonElement? Config => Json("tokenizer_config.json");

    /// <summary>The path of a file, or null if it is not there.</summary>
    public string? Find(params string[] names) => names.Select(n => Path.Combine(folder, n)).FirstOrDefault(File.Exists);

    /// <summary>A file that holds an object, or null if it is not there.</summary>
    /// <exception cref="ArchGenException">It is not JSON, or no object.</exception>
    public JsonElement? Json(string name)
    {
        if (_json.TryGetValue(name, out var known)) return known;
        return _json[name] = Find(name) is { } path ? Read(path) : null;
    }

    /// <summary>The added tokens of tokenizer.json.</summary>
    public IEnumerable<(int Id, string Text, bool IsSpecial)> AddedTokens()
    {
        if (Tokenizer is not { } tokenizer || !tokenizer.TryGetProperty("added_tokens", out var list) || list.ValueKind != JsonValueKind.Array) yield break;
        foreach (var token in list.EnumerateArray())
        {
            if (token.ValueKind != JsonValueKind.Object || !token.TryGetProperty("id", out var id) || !id.TryGetInt32(out var number) || Text(token, "content") is not { } text)
                throw Fault("tokenizer.json", $"an added token has no id or no content: {token}");
            yield return (number, text, token.TryGetProperty("special", out var special) && special.ValueKind == JsonValueKind.True);
        }
    }

    /// <summary>The text under a key, or null.</summary>
    public static string? Text(JsonElement element, string key) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>An error about a file of the folder.</summary>
    public ArchGenException Fault(string file, string problem) => new($"{Path.Combine(folder, file)}: {problem}. Download the tokenizer again.");

    private static JsonElement Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : throw new ArchGenException($"{path}: the file is no JSON object. Download the tokenizer again.");
        }
        catch (JsonException error)
        {
            throw new ArchGenException($"{path}: the file is not JSON: {error.Message} Download the tokenizer again.", error);
        }
    }
}
