using System.Text.Json;

namespace ArchGen.Conversion.Vocabulary;

/// <summary>
/// The name in <c>tokenizer.ggml.pre</c> for the structure of a byte-level tokenizer.json: how it normalizes and splits a text before merging. The
/// structures stand in PreTokenizers.json.
/// </summary>
internal static class PreTokenizerNames
{
    private static readonly Lazy<List<(string Structure, string[] Names)>> Known = new(Load);

    /// <summary>Finds the name.</summary>
    /// <param name="tokenizer">tokenizer.json.</param>
    /// <param name="preferred">The name that counts where several stand for the same structure.</param>
    /// <param name="place">The file, for messages.</param>
    /// <exception cref="ArchGenException">The structure is not known.</exception>
    public static string Find(JsonElement tokenizer, string? preferred, string place)
    {
        var structure = Structure(tokenizer);
        var names = Known.Value.FirstOrDefault(k => k.Structure == structure).Names
            ?? throw new ArchGenException($"{place}: no pre-tokenizer of this structure is known:\n  {structure}\nIf you know its name, pass --pre NAME; otherwise convert with --embed-tokenizer --pre default.");
        return preferred is not null && names.Contains(preferred, StringComparer.Ordinal) ? preferred : names[0];
    }

    /// <summary>Whether the names stand for one structure.</summary>
    public static bool AreAlike(string name, string other) => name == other || Known.Value.Any(k => k.Names.Contains(name) && k.Names.Contains(other));

    private static string Structure(JsonElement tokenizer)
    {
        var parts = new List<string>();
        foreach (var key in new[] { "normalizer", "pre_tokenizer" })
        {
            parts.Add($"\"{key}\":{(tokenizer.TryGetProperty(key, out var section) ? CanonicalJson.Of(section) : "null")}");
        }

        if (tokenizer.TryGetProperty("model", out var model) && model.TryGetProperty("ignore_merges", out var ignores) && ignores.ValueKind == JsonValueKind.True) parts.Add("\"ignore_merges\":true");
        if (tokenizer.TryGetProperty("post_processor", out var processor) && TokenizerFolder.Text(processor, "type") == "RobertaProcessing") parts.Add("\"post_processor\":\"RobertaProcessing\"");
        return "{" + string.Join(',', parts) + "}";
    }

    private static List<(string, string[])> Load()
    {
        using var stream = typeof(PreTokenizerNames).Assembly.GetManifestResourceStream("PreTokenizers.json")!;
        using var document = JsonDocument.Parse(stream);
        return [.. document.RootElement.EnumerateArray().Select(row => (Stored(row), row.GetProperty("names").EnumerateArray().Select(n => n.GetString()!).ToArray()))];
    }

    private static string Stored(JsonElement row) =>
        "{" + string.Join(',', row.EnumerateObject().Where(p => p.Name != "names").Select(p => $"\"{p.Name}\":{CanonicalJson.Of(p.Value)}")) + "}";
}
