using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ArchGen.Templates.Jinja.Values;

/// <summary>Values of templates from JSON, as Python's json.loads gives them: integers of any size, floats, keys in order.</summary>
internal static class JsonValues
{
    private const int MaxDepth = 512;

    public static TemplateValue Read(JsonElement json, int depth)
    {
        Check(depth);
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                var dict = new Mapping();
                foreach (var property in json.EnumerateObject()) dict.Set(Text(() => property.Name), Read(property.Value, depth + 1));
                return TemplateValue.Of(dict);
            case JsonValueKind.Array:
                var items = new TemplateValue[json.GetArrayLength()];
                var i = 0;
                foreach (var item in json.EnumerateArray()) items[i++] = Read(item, depth + 1);
                return TemplateValue.Of(new Sequence(items));
            case JsonValueKind.String: return Text(() => json.GetString()!);
            case JsonValueKind.Number: return Number(json.GetRawText());
            case JsonValueKind.True or JsonValueKind.False: return json.GetBoolean();
            case JsonValueKind.Null: return TemplateValue.None;
            default: return default;
        }
    }

    public static TemplateValue Read(JsonNode? json, int depth)
    {
        Check(depth);
        switch (json)
        {
            case null: return TemplateValue.None;
            case JsonObject properties:
                var dict = new Mapping();
                foreach (var (key, value) in properties) dict.Set(key, Read(value, depth + 1));
                return TemplateValue.Of(dict);
            case JsonArray array:
                return TemplateValue.Of(new Sequence([.. array.Select(item => Read(item, depth + 1))]));
            default:
                using (var document = JsonDocument.Parse(json.ToJsonString())) return Read(document.RootElement, depth);
        }
    }

    /// <summary>A number as JSON writes it.</summary>
    public static TemplateValue Number(string text)
    {
        if (text.AsSpan().IndexOfAny('.', 'e', 'E') < 0)
        {
            if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var small)) return small;
            // Python's limit, 4300 digits, is one on time.
            if (text.Length > 4300) throw new RequestException($"A number has {text.Length} digits, at most 4300 are possible.");
            return BigInteger.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        }

        return double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    // Half of a surrogate pair is no text in .NET.
    private static string Text(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException error)
        {
            throw new RequestException("A string of the JSON has half of a surrogate pair, \\uD800 to \\uDFFF, which is no text.", error);
        }
    }

    private static void Check(int depth)
    {
        if (depth > MaxDepth) throw new RequestException($"The JSON is nested more than {MaxDepth} deep.");
    }
}
