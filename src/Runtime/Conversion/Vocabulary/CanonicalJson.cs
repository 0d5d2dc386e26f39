using System.Text.Json;

namespace ArchGen.Conversion.Vocabulary;

/// <summary>A section of tokenizer.json in one spelling: keys in order, defaults filled in, sequences of none or one opened, what moves no border left out.</summary>
internal static class CanonicalJson
{
    public static string Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => OfObject(element),
        JsonValueKind.Array => $"[{string.Join(',', element.EnumerateArray().Select(Of))}]",
        JsonValueKind.String => JsonSerializer.Serialize(element.GetString()!, TextJson.Default.String),
        _ => element.GetRawText(),
    };

    private static string OfObject(JsonElement element)
    {
        var type = TokenizerFolder.Text(element, "type");
        foreach (var list in new[] { "pretokenizers", "normalizers" })
        {
            if (type != "Sequence" || !element.TryGetProperty(list, out var parts) || parts.ValueKind != JsonValueKind.Array) continue;
            var present = parts.EnumerateArray().Where(p => p.ValueKind != JsonValueKind.Null).ToList();
            if (present.Count < 2) return present.Count == 0 ? "null" : Of(present[0]);
        }

        // trim_offsets only moves the offsets that a caller may ask for.
        var properties = element.EnumerateObject().Where(p => p.Name != "trim_offsets").ToDictionary(p => p.Name, p => Of(p.Value), StringComparer.Ordinal);
        if (type == "ByteLevel") properties.TryAdd("use_regex", "true");
        return "{" + string.Join(',', properties.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"\"{p.Key}\":{p.Value}")) + "}";
    }
}

/// <summary>Writes texts without reflection.</summary>
[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class TextJson : System.Text.Json.Serialization.JsonSerializerContext;
