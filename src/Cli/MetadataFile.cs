using System.Text.Json;
using ArchGen.Gguf;
using ArchGen.Gguf.Files;

namespace ArchGen.Cli;

/// <summary>A JSON file with an object of GGUF keys: texts, truth values, whole numbers (u32), others (f32), and lists of one kind.</summary>
internal static class MetadataFile
{
    /// <summary>Reads the keys.</summary>
    /// <exception cref="ArchGenException">The file is not there or not of this form.</exception>
    public static IReadOnlyList<KeyValuePair<string, GgufValue>> Read(string path) =>
        [.. JsonFile.ReadObject(path, JsonFile.CorrectIt).EnumerateObject().Select(p => new KeyValuePair<string, GgufValue>(p.Name, Value(p.Value, path, p.Name)))];

    private static GgufValue Value(JsonElement value, string path, string key) => value.ValueKind switch
    {
        JsonValueKind.String => GgufValue.From(value.GetString()!),
        JsonValueKind.True or JsonValueKind.False => GgufValue.From(value.GetBoolean()),
        JsonValueKind.Number when value.TryGetUInt32(out var whole) => GgufValue.From(whole),
        JsonValueKind.Number => GgufValue.From((float)value.GetDouble()),
        JsonValueKind.Array when value.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String) => GgufValue.From(value.EnumerateArray().Select(e => e.GetString()!).ToArray()),
        JsonValueKind.Array when value.EnumerateArray().All(e => e.ValueKind == JsonValueKind.Number && e.TryGetInt32(out _)) => GgufValue.From(value.EnumerateArray().Select(e => e.GetInt32()).ToArray()),
        JsonValueKind.Array when value.EnumerateArray().All(e => e.ValueKind == JsonValueKind.Number) => GgufValue.From(value.EnumerateArray().Select(e => (float)e.GetDouble()).ToArray()),
        _ => throw new ModelFileException($"{path}: {key} is {JsonFile.Kind(value)}, expected a text, true, false, a number, or a list of texts or numbers."),
    };
}
