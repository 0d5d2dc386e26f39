using System.Text;
using System.Text.Json;

namespace ArchGen.Chat.Probing;

/// <summary>A JSON object within a text.</summary>
/// <param name="Begin">Its first character.</param>
/// <param name="End">One past its last character.</param>
/// <param name="Value">The object.</param>
internal readonly record struct JsonSpan(int Begin, int End, JsonElement Value)
{
    /// <summary>The first JSON object of a text that meets a condition; null if there is none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="from">Where to begin.</param>
    /// <param name="condition">What it must be.</param>
    public static JsonSpan? Find(string text, int from, Func<JsonElement, bool> condition)
    {
        for (var begin = text.IndexOf('{', from); begin >= 0; begin = text.IndexOf('{', begin + 1))
        {
            if (At(text, begin) is { } span && condition(span.Value)) return span;
        }

        return null;
    }

    private static JsonSpan? At(string text, int begin)
    {
        var bytes = Encoding.UTF8.GetBytes(text[begin..]);
        // Not the final block: what follows the object is no part of it.
        var reader = new Utf8JsonReader(bytes, isFinalBlock: false, state: default);
        try
        {
            if (!JsonDocument.TryParseValue(ref reader, out var document)) return null;
            using (document)
            {
                var length = Encoding.UTF8.GetCharCount(bytes.AsSpan(0, (int)reader.BytesConsumed));
                return new JsonSpan(begin, begin + length, document.RootElement.Clone());
            }
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
