using System.Text.Json.Nodes;
using ArchGen.Chat.Formats;

namespace ArchGen.Chat.Answers;

/// <summary>
/// Reads a list or an object that is written as the arguments themselves are, each item between marks with its name (MiniMax M3): items named <c>item</c> are
/// a list.
/// </summary>
internal static class MarkupReader
{
    private const int MaxDepth = 32;

    /// <summary>The value; null if the text is none of this kind.</summary>
    /// <param name="text">The text between an argument's marks.</param>
    /// <param name="after">What follows an argument's value: a mark that ends with <c>&lt;/</c>, and the name.</param>
    /// <param name="scalar">The value of a text without marks.</param>
    public static JsonNode? Read(string text, IReadOnlyList<TextPart> after, Func<string, JsonNode?> scalar)
    {
        if (after is not [{ Kind: TextPartKind.Literal } first, { Kind: TextPartKind.Key }, ..]) return null;
        if (!first.Text.EndsWith("</", StringComparison.Ordinal)) return null;
        var mark = first.Text[..^2];
        var at = 0;
        return mark.Length > 0 && Items(text, ref at, mark, scalar, 0) is { } value && at == text.Length ? value : null;
    }

    private static JsonNode? Items(string text, ref int at, string mark, Func<string, JsonNode?> scalar, int depth)
    {
        var items = new List<(string Name, JsonNode? Value)>();
        while (IsAt(text, at, mark + "<") && !IsAt(text, at, mark + "</"))
        {
            var begin = at + mark.Length + 1;
            var end = text.IndexOf('>', begin);
            if (end < 0 || depth == MaxDepth) return null;
            var name = text[begin..end];
            at = end + 1;
            var close = $"{mark}</{name}>";
            JsonNode? value;
            if (IsAt(text, at, mark + "<") && !IsAt(text, at, close))
            {
                value = Items(text, ref at, mark, scalar, depth + 1);
                if (value is null || !IsAt(text, at, close)) return null;
            }
            else
            {
                var stop = text.IndexOf(close, at, StringComparison.Ordinal);
                if (stop < 0) return null;
                value = scalar(text[at..stop]);
                at = stop;
            }

            at += close.Length;
            items.Add((name, value));
        }

        if (items.Count == 0) return null;
        if (items.All(item => item.Name == "item")) return new JsonArray([.. items.Select(item => item.Value)]);
        var json = new JsonObject();
        return items.All(item => json.TryAdd(item.Name, item.Value)) ? json : null;
    }

    private static bool IsAt(string text, int at, string mark) => string.CompareOrdinal(text, at, mark, 0, mark.Length) == 0;
}
