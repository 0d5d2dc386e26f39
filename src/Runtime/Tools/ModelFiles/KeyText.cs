using System.Globalization;
using System.Numerics;
using System.Text.Json;
using ArchGen.Gguf;

namespace ArchGen.Tools.ModelFiles;

/// <summary>
/// A value of a GGUF key as text: <c>TYPE:VALUE</c> with a type of the file format (u8 to u64, i8 to i64, f32, f64, bool, str), with the names of llama.cpp's
/// --override-kv (int: u32; float: f32), or with [] and a JSON list for an array: <c>i32[]:[1, 2]</c>.
/// </summary>
public static class KeyText
{
    private const string Types = "u8, i8, u16, i16, u32, i32, u64, i64, f32, f64, bool, str; int is u32, float is f32; with [] an array, i32[]:[1, 2]";

    private static readonly Dictionary<string, GgufValueType> Names = new(StringComparer.Ordinal)
    {
        ["u8"] = GgufValueType.UInt8,
        ["i8"] = GgufValueType.Int8,
        ["u16"] = GgufValueType.UInt16,
        ["i16"] = GgufValueType.Int16,
        ["u32"] = GgufValueType.UInt32,
        ["int"] = GgufValueType.UInt32,
        ["i32"] = GgufValueType.Int32,
        ["u64"] = GgufValueType.UInt64,
        ["i64"] = GgufValueType.Int64,
        ["f32"] = GgufValueType.Float32,
        ["float"] = GgufValueType.Float32,
        ["f64"] = GgufValueType.Float64,
        ["bool"] = GgufValueType.Bool,
        ["str"] = GgufValueType.String,
        ["string"] = GgufValueType.String,
    };

    /// <summary>Reads <c>KEY=TYPE:VALUE</c>, or <c>KEY=VALUE</c> with the type that the key has already.</summary>
    /// <param name="text">The text.</param>
    /// <param name="present">The keys that there are.</param>
    /// <returns>The key with its value.</returns>
    /// <exception cref="RequestException">The text has another form, or the value does not fit the type.</exception>
    public static KeyValuePair<string, GgufValue> Parse(string text, GgufMetadata present)
    {
        ArgumentNullException.ThrowIfNull(text);
        var equals = text.IndexOf('=');
        if (equals <= 0) throw new RequestException($"'{text}' is not of the form KEY=TYPE:VALUE, such as general.name=str:My model.");
        var (key, rest) = (text[..equals], text[(equals + 1)..]);
        var colon = rest.IndexOf(':');
        if (colon > 0 && TypeOf(rest[..colon]) is var (type, isArray)) return new(key, Value(key, type, isArray, rest[(colon + 1)..]));
        if (!present.TryGet(key, out var old))
            throw new RequestException($"{key} is a new key, and '{rest}' does not begin with a type: {key}=TYPE:VALUE. The types are {Types}.");
        return new(key, Value(key, old.ElementType, old.IsArray, rest));
    }

    private static (GgufValueType Type, bool IsArray)? TypeOf(string name)
    {
        var isArray = name.EndsWith("[]", StringComparison.Ordinal);
        return Names.TryGetValue(isArray ? name[..^2] : name, out var type) ? (type, isArray) : null;
    }

    private static GgufValue Value(string key, GgufValueType type, bool isArray, string text) =>
        (isArray ? Array(key, type, text) : Scalar(type, text))
        ?? throw new RequestException($"{key}: '{Short(text)}' is no {type.Name}{(isArray ? " array: expected a JSON list, such as [1, 2]" : "")}.");

    private static GgufValue? Scalar(GgufValueType type, string text) => type switch
    {
        GgufValueType.UInt8 => Read<byte>(text) is { } n ? GgufValue.From(n) : null,
        GgufValueType.Int8 => Read<sbyte>(text) is { } n ? GgufValue.From(n) : null,
        GgufValueType.UInt16 => Read<ushort>(text) is { } n ? GgufValue.From(n) : null,
        GgufValueType.Int16 => Read<short>(text) is { } n ? GgufValue.From(n) : null,
        GgufValueType.UInt32 => Read<uint>(text) is { } n ? GgufValue.From(n) : null,
        GgufValueType.Int32 => Read<int>(text) is { } n ? GgufValue.From(n) : null,
        GgufValueType.UInt64 => Read<ulong>(text) is { } n ? GgufValue.From(n) : null,
        GgufValueType.Int64 => Read<long>(text) is { } n ? GgufValue.From(n) : null,
        GgufValueType.Float32 => Read<float>(text) is { } n ? GgufValue.From(n) : null,
        GgufValueType.Float64 => Read<double>(text) is { } n ? GgufValue.From(n) : null,
        GgufValueType.Bool => text is "true" or "false" ? GgufValue.From(text == "true") : null,
        GgufValueType.String => GgufValue.From(text),
        _ => null,
    };

    private static GgufValue? Array(string key, GgufValueType type, string text)
    {
        JsonElement[] items;
        try
        {
            using var list = JsonDocument.Parse(text);
            if (list.RootElement.ValueKind != JsonValueKind.Array) return null;
            items = [.. list.RootElement.EnumerateArray().Select(e => e.Clone())];
        }
        catch (JsonException)
        {
            return null;
        }

        // Each element is read as a value of its own, so that both have the same limits.
        var values = System.Array.ConvertAll(items, item =>
            (item.ValueKind == JsonValueKind.String) == (type == GgufValueType.String) && TextOf(item) is { } own && Scalar(type, own) is { } value ? value
                : item.ValueKind is JsonValueKind.True or JsonValueKind.False && type == GgufValueType.Bool ? GgufValue.From(item.GetBoolean())
                : throw new RequestException($"{key}: '{Short(item.GetRawText())}' is no {type.Name}."));
        return ArrayOf(type, values);
    }

    // Null for half of a pair of code units, which is no text.
    private static string? TextOf(JsonElement item)
    {
        try
        {
            return item.ToString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static GgufValue? ArrayOf(GgufValueType type, GgufValue[] values) => type switch
    {
        GgufValueType.UInt8 => GgufValue.From(Each(values, v => v.RawScalar<byte>())),
        GgufValueType.Int8 => GgufValue.From(Each(values, v => v.RawScalar<sbyte>())),
        GgufValueType.UInt16 => GgufValue.From(Each(values, v => v.RawScalar<ushort>())),
        GgufValueType.Int16 => GgufValue.From(Each(values, v => v.RawScalar<short>())),
        GgufValueType.UInt32 => GgufValue.From(Each(values, v => v.RawScalar<uint>())),
        GgufValueType.Int32 => GgufValue.From(Each(values, v => v.RawScalar<int>())),
        GgufValueType.UInt64 => GgufValue.From(Each(values, v => v.RawScalar<ulong>())),
        GgufValueType.Int64 => GgufValue.From(Each(values, v => v.RawScalar<long>())),
        GgufValueType.Float32 => GgufValue.From(Each(values, v => v.RawScalar<float>())),
        GgufValueType.Float64 => GgufValue.From(Each(values, v => v.RawScalar<double>())),
        GgufValueType.Bool => GgufValue.From(Each(values, v => v.AsBool())),
        GgufValueType.String => GgufValue.From(Each(values, v => v.AsString())),
        _ => null,
    };

    private static T[] Each<T>(GgufValue[] values, Converter<GgufValue, T> read) => System.Array.ConvertAll(values, read);

    private static T? Read<T>(string text)
        where T : struct, INumber<T> =>
        T.TryParse(text, default(T) is float or double ? NumberStyles.Float : NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
        && T.IsFinite(value)
            ? value
            : null;

    private static string Short(string text) => text.Length > 60 ? text[..60] + "..." : text;
}
