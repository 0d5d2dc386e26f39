using System.Text.Json;
using ArchGen.Gguf;
using ArchGen.Gguf.Files;

namespace ArchGen.CommandLine;

/// <summary>A JSON file with an object of GGUF keys: strings, booleans, whole numbers (u32), other numbers (f32), and lists of one type.</summary>
internal static class MetadataFile
{
    /// <summary>Reads the keys.</summary>
    /// <exception cref="ArchGenException">The file does not exist or does not have this form.</exception>
    public static IReadOnlyList<KeyValuePair<string, GgufValue>> Read(string path) =>
    [
        .. JsonFile.ReadObject(path, JsonFile.CorrectIt).EnumerateObject()
            .Select(p => new KeyValuePair<string, GgufValue>(p.Name, Value(p.Value, path, p.Name))),
    ];

    private static GgufValue Value(JsonElement value, string path, string key) => value.ValueKind switch
    {
        JsonValueKind.String => GgufValue.From(value.GetString()!),
        JsonValueKind.True or JsonValueKind.False => GgufValue.From(value.GetBoolean()),
        JsonValueKind.Number when value.TryGetUInt32(out var whole) => GgufValue.From(whole),
        JsonValueKind.Number => GgufValue.From((float)value.GetDouble()),
        JsonValueKind.Array when All(value, e => e.ValueKind == JsonValueKind.String) => GgufValue.From(Each(value, e => e.GetString()!)),
        JsonValueKind.Array when All(value, e => e.ValueKind == JsonValueKind.Number && e.TryGetInt32(out _)) => GgufValue.From(Each(value, e => e.GetInt32())),
        JsonValueKind.Array when All(value, e => e.ValueKind == JsonValueKind.Number) => GgufValue.From(Each(value, e => (float)e.GetDouble())),
        _ => throw new ModelFileException($"{path}: {key} is {JsonFile.Kind(value)}, expected a text, true, false, a number, or a list of texts or numbers."),
    };

    private static bool All(JsonElement array, Func<JsonElement, bool> holds) => array.EnumerateArray().All(holds);

    private static T[] Each<T>(JsonElement array, Func<JsonElement, T> read) => [.. array.EnumerateArray().Select(read)];
}
