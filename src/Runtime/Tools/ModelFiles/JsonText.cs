using System.Text.Encodings.Web;
using System.Text.Json;
using ArchGen.Gguf;

namespace ArchGen.Tools.ModelFiles;

/// <summary>Values of GGUF files as JSON.</summary>
internal static class JsonText
{
    /// <summary>Readable: lines, and letters as they are.</summary>
    public static JsonWriterOptions Indented { get; } = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    /// <summary>A list of texts.</summary>
    public static void Strings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    /// <summary>A number; a text where JSON has none.</summary>
    public static void Number(Utf8JsonWriter json, string name, double? value)
    {
        json.WritePropertyName(name);
        if (value is { } number) Number(json, number);
        else json.WriteNullValue();
    }

    /// <summary>A value of any type; arrays as a whole.</summary>
    public static void Value(Utf8JsonWriter json, GgufValue value)
    {
        switch (value.Type)
        {
            case GgufValueType.Array when value.ElementType == GgufValueType.String: Texts(json, value.AsStrings()); break;
            case GgufValueType.Array:
                json.WriteStartArray();
                foreach (var element in value.AsArray()) Value(json, element);
                json.WriteEndArray();
                break;
            case GgufValueType.String: json.WriteStringValue(value.AsString()); break;
            case GgufValueType.Bool: json.WriteBooleanValue(value.AsBool()); break;
            case GgufValueType.Float32 when float.IsFinite(value.AsSingle()): json.WriteNumberValue(value.AsSingle()); break;
            case GgufValueType.Float32 or GgufValueType.Float64: Number(json, value.AsDouble()); break;
            case GgufValueType.UInt64: json.WriteNumberValue(value.AsUInt64()); break;
            default: json.WriteNumberValue(value.AsInt64()); break;
        }
    }

    // Many: a vocabulary.
    private static void Texts(Utf8JsonWriter json, string[] values)
    {
        json.WriteStartArray();
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static void Number(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value)) json.WriteNumberValue(value);
        else json.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
    }
}
