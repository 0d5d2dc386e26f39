using System.Text.Json;

namespace ArchGen.Gguf.Files;

/// <summary>Reads values of JSON of any kind: a value of another kind than requested is null.</summary>
internal static class JsonElements
{
    /// <summary>A member of an object; of a name that is there twice the last.</summary>
    public static JsonElement? Property(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;

    public static string? TextOrNull(this JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString() : null;

    public static long? IntegerOrNull(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var value) ? value : null;

    /// <summary>A finite number.</summary>
    public static double? NumberOrNull(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.GetDouble() is var value && double.IsFinite(value) ? value : null;

    /// <summary>The elements of a list; none of anything else.</summary>
    public static IEnumerable<JsonElement> ItemsOrNone(this JsonElement element) => element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [];
}
