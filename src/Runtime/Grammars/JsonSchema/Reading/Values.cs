using System.Text.Json;
using ArchGen.Grammars.JsonSchema.Numbers;

namespace ArchGen.Grammars.JsonSchema.Reading;

/// <summary>Reads the values of keywords, with a message of the path if they are of another kind than the keyword wants.</summary>
internal static class Values
{
    public static ExactDecimal Number(JsonElement element, string path)
    {
        if (element.ValueKind != JsonValueKind.Number) throw new SchemaException("a number is expected", path);
        return ExactDecimal.Parse(element.GetRawText()) ?? throw new SchemaException($"the number has more than {ExactDecimal.MaxDigits} digits", path);
    }

    /// <summary>A bound on a number of items, properties or characters; <see cref="int.MaxValue"/> is that and anything above.</summary>
    public static int Count(JsonElement element, string path)
    {
        var number = Number(element, path);
        if (!number.IsInteger || number.IsNegative) throw new SchemaException("an integer of at least 0 is expected", path);
        return number.IntegerDigits.Length > 9 ? int.MaxValue : int.Parse(number.IntegerDigits, System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>A lower bound.</summary>
    public static int Least(JsonElement element, string path) =>
        Count(element, path) is var count && count < int.MaxValue ? count : throw new SchemaException("the bound is too large for any text", path);

    /// <summary>An upper bound; null if no text can exceed it.</summary>
    public static int? Most(JsonElement element, string path) => Count(element, path) is var count && count < int.MaxValue ? count : null;

    public static string Text(JsonElement element, string path) =>
        element.ValueKind == JsonValueKind.String ? element.GetString()! : throw new SchemaException("a string is expected", path);

    public static bool Flag(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new SchemaException("true or false is expected", path),
    };

    public static IReadOnlyList<JsonElement> List(JsonElement element, string path) =>
        element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray()] : throw new SchemaException("an array is expected", path);

    public static IReadOnlyList<string> Names(JsonElement element, string path) => [.. List(element, path).Select(item => Text(item, path))];

    public static IReadOnlyList<JsonProperty> Map(JsonElement element, string path) =>
        element.ValueKind == JsonValueKind.Object ? [.. element.EnumerateObject()] : throw new SchemaException("an object is expected", path);
}
