using System.Text.Json;

namespace ArchGen.Server.Http;

/// <summary>
/// The fields of a JSON object in a request. A field that is absent or null is null; one of another type is refused with its path. Fields that nobody asks
/// for are ignored, as clients of these APIs expect.
/// </summary>
/// <param name="element">The object.</param>
/// <param name="path">Its place in the request, such as <c>messages[2]</c>; empty for the request itself.</param>
internal readonly struct JsonFields(JsonElement element, string path = "")
{
    /// <summary>The object.</summary>
    public JsonElement Element => element;

    /// <summary>Its place in the request.</summary>
    public string Path => path;

    /// <summary>A field of any type; null if it is absent or null.</summary>
    public JsonElement? Any(string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? value : null;

    /// <summary>A text.</summary>
    public string? Text(string name) => Any(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(name, value, "a string");

    /// <summary>A text that must be there.</summary>
    public string RequiredText(string name) => Text(name) ?? throw Missing(name, "a string");

    /// <summary>A whole number. A number with a fraction of zero is one.</summary>
    public int? Whole(string name, int min = int.MinValue, int max = int.MaxValue)
    {
        if (Any(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number) || number != Math.Floor(number))
            throw Wrong(name, value, "a whole number");
        if (number < min || number > max) throw Range(name, value, min, max);
        return (int)number;
    }

    /// <summary>A number.</summary>
    public float? Number(string name, float min = float.MinValue, float max = float.MaxValue)
    {
        if (Any(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number)) throw Wrong(name, value, "a number");
        if (number < min || number > max) throw Range(name, value, min, max);
        return (float)number;
    }

    /// <summary>A truth value.</summary>
    public bool? Flag(string name) => Any(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(name, value, "true or false");

    /// <summary>An object.</summary>
    public JsonFields? Object(string name) => Any(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Object ? new JsonFields(value, At(name)) : throw Wrong(name, value, "an object");

    /// <summary>The elements of an array.</summary>
    public IReadOnlyList<JsonElement>? Array(string name) => Any(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : throw Wrong(name, value, "an array");

    /// <summary>The objects of an array.</summary>
    public IReadOnlyList<JsonFields>? Objects(string name)
    {
        if (Array(name) is not { } elements) return null;
        var objects = new JsonFields[elements.Count];
        for (var i = 0; i < objects.Length; i++)
        {
            if (elements[i].ValueKind != JsonValueKind.Object) throw Wrong($"{name}[{i}]", elements[i], "an object");
            objects[i] = new JsonFields(elements[i], At($"{name}[{i}]"));
        }

        return objects;
    }

    /// <summary>One text or an array of them.</summary>
    public IReadOnlyList<string>? Texts(string name)
    {
        if (Any(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.String) return [value.GetString()!];
        if (value.ValueKind != JsonValueKind.Array) throw Wrong(name, value, "a string or an array of strings");
        var texts = new List<string>();
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String) throw Wrong($"{name}[{texts.Count}]", item, "a string");
            texts.Add(item.GetString()!);
        }

        return texts;
    }

    /// <summary>The place of a field.</summary>
    public string At(string name) => path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>The error that a field must be there.</summary>
    public RequestException Missing(string name, string expected) => new($"'{At(name)}' is missing; expected {expected}.");

    /// <summary>The error that a field has a value of a wrong type.</summary>
    public RequestException Wrong(string name, JsonElement value, string expected) => new($"'{At(name)}' is {Kind(value)}; expected {expected}.");

    /// <summary>The error that a field is known, but what it asks for cannot be done.</summary>
    public RequestException Unsupported(string name, string reason) => new($"'{At(name)}' is not supported: {reason}");

    private RequestException Range<T>(string name, JsonElement value, T min, T max)
        where T : IFormattable
    {
        var invariant = System.Globalization.CultureInfo.InvariantCulture;
        var expected = max is int.MaxValue or float.MaxValue ? $"at least {min.ToString(null, invariant)}"
            : $"{min.ToString(null, invariant)} to {max.ToString(null, invariant)}";
        return new RequestException($"'{At(name)}' is {value.GetRawText()}; expected {expected}.");
    }

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "a string",
        JsonValueKind.Number => $"the number {value.GetRawText()}",
        JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        JsonValueKind.Array => "an array",
        _ => "an object",
    };
}
