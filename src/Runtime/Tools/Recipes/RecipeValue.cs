using System.Globalization;
using System.Text.Json;
using ArchGen.Gguf;

namespace ArchGen.Tools.Recipes;

/// <summary>A metadata value of a recipe: a type and JSON.</summary>
internal static class RecipeValue
{
    private const string ArrayPrefix = "array:";

    /// <summary>The types, for messages.</summary>
    public const string Types = "str, bool, f32, f64, u8, i8, u16, i16, u32, i32, u64, i64, or array: and one of these";

    /// <summary>Reads a value; null if there is no such type.</summary>
    /// <exception cref="InvalidOperationException">The JSON is of another kind.</exception>
    /// <exception cref="FormatException">The number does not fit.</exception>
    public static GgufValue? Read(string type, JsonElement value) => type switch
    {
        "str" => GgufValue.From(Text(value)),
        "bool" => GgufValue.From(value.GetBoolean()),
        "f32" => GgufValue.From(value.GetSingle()),
        "f64" => GgufValue.From(value.GetDouble()),
        "u8" => GgufValue.From(value.GetByte()),
        "i8" => GgufValue.From(value.GetSByte()),
        "u16" => GgufValue.From(value.GetUInt16()),
        "i16" => GgufValue.From(value.GetInt16()),
        "u32" => GgufValue.From(value.GetUInt32()),
        "i32" => GgufValue.From(value.GetInt32()),
        "u64" => GgufValue.From(value.GetUInt64()),
        "i64" => GgufValue.From(value.GetInt64()),
        "array:str" => GgufValue.From(All(value, Text)),
        "array:bool" => GgufValue.From(All(value, e => e.GetBoolean())),
        "array:f32" => GgufValue.From(All(value, e => e.GetSingle())),
        "array:f64" => GgufValue.From(All(value, e => e.GetDouble())),
        "array:u8" => GgufValue.From(All(value, e => e.GetByte())),
        "array:i8" => GgufValue.From(All(value, e => e.GetSByte())),
        "array:u16" => GgufValue.From(All(value, e => e.GetUInt16())),
        "array:i16" => GgufValue.From(All(value, e => e.GetInt16())),
        "array:u32" => GgufValue.From(All(value, e => e.GetUInt32())),
        "array:i32" => GgufValue.From(All(value, e => e.GetInt32())),
        "array:u64" => GgufValue.From(All(value, e => e.GetUInt64())),
        "array:i64" => GgufValue.From(All(value, e => e.GetInt64())),
        _ => null,
    };

    /// <summary>The type and the JSON of a value.</summary>
    /// <exception cref="ArchGenException">It is an array of arrays, or no finite number: neither can be written.</exception>
    public static (string Type, string Json) Write(string key, GgufValue value)
    {
        if (!value.IsArray) return (Name(value.Type), Scalar(key, value));
        if (value.ElementType == GgufValueType.Array)
            throw new ModelFileException($"Key {key} is an array of arrays, which a recipe cannot hold. Convert the model without it.");
        return (ArrayPrefix + Name(value.ElementType), $"[{string.Join(", ", value.AsArray().Select(element => Scalar(key, element)))}]");
    }

    /// <summary>A text in quotation marks.</summary>
    public static string Quote(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    private static string Text(JsonElement value) => value.GetString() ?? throw new FormatException("It is null.");

    private static T[] All<T>(JsonElement value, Func<JsonElement, T> read) => [.. value.EnumerateArray().Select(read)];

    private static string Name(GgufValueType type) => type == GgufValueType.String ? "str" : type.Name;

    private static string Scalar(string key, GgufValue value) => value.Type switch
    {
        GgufValueType.String => Quote(value.AsString()),
        GgufValueType.Bool => value.AsBool() ? "true" : "false",
        GgufValueType.Float32 => float.IsFinite(value.AsSingle()) ? value.AsSingle().ToString("R", CultureInfo.InvariantCulture) : throw NotFinite(key, value),
        GgufValueType.Float64 => double.IsFinite(value.AsDouble()) ? value.AsDouble().ToString("R", CultureInfo.InvariantCulture) : throw NotFinite(key, value),
        GgufValueType.UInt64 => value.AsUInt64().ToString(CultureInfo.InvariantCulture),
        _ => value.AsInt64().ToString(CultureInfo.InvariantCulture),
    };

    private static ModelFileException NotFinite(string key, GgufValue value) =>
        new($"Key {key} is {value}, which a recipe cannot hold. Convert the model with a finite number.");
}
