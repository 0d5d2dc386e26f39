using ArchGen.Chat.Formats;

namespace ArchGen.Chat.Probing;

/// <summary>Finds how arguments are written that are no JSON object: two texts, each with its name and fixed texts around.</summary>
internal static class TaggedProbe
{
    // Stands for an argument's name where texts are compared.
    private const char Key = '\u0001';

    /// <summary>The syntax and the end of the last argument; null if the arguments are not found.</summary>
    /// <param name="region">The text.</param>
    /// <param name="begin">One past the call's name.</param>
    public static (TaggedArguments Arguments, int End)? Find(string region, int begin)
    {
        var first = region.IndexOf(ProbeMessages.FirstValue, begin, StringComparison.Ordinal);
        if (first < 0) return null;
        var afterFirst = first + ProbeMessages.FirstValue.Length;
        var second = region.IndexOf(ProbeMessages.SecondValue, afterFirst, StringComparison.Ordinal);
        if (second < 0) return null;
        var afterSecond = second + ProbeMessages.SecondValue.Length;
        var head = region[begin..first].Replace(ProbeMessages.FirstKey, $"{Key}", StringComparison.Ordinal);
        var between = region[afterFirst..second].Replace(ProbeMessages.FirstKey, $"{Key}", StringComparison.Ordinal)
            .Replace(ProbeMessages.SecondKey, $"{Key}", StringComparison.Ordinal);
        var rest = region[afterSecond..].Replace(ProbeMessages.SecondKey, $"{Key}", StringComparison.Ordinal);
        var before = MarkedText.CommonSuffix(head, between);
        if (!head[^before..].Contains(Key, StringComparison.Ordinal)) return null;
        var closed = between[..^before];
        var after = MarkedText.CommonPrefix(closed, rest);
        var tags = new ValueTags(Parts(between[^before..]), Parts(rest[..after]));
        // The name is longer than its mark.
        var keys = rest[..after].Count(c => c == Key);
        var end = afterSecond + after + (keys * (ProbeMessages.SecondKey.Length - 1));
        return (new TaggedArguments(head[..^before], closed[after..], tags, tags, ValueNotation.Json), end);
    }

    /// <summary>A text with names as its parts.</summary>
    public static IReadOnlyList<TextPart> Parts(string text)
    {
        var parts = new List<TextPart>();
        var at = 0;
        for (var key = text.IndexOf(Key, StringComparison.Ordinal); key >= 0; key = text.IndexOf(Key, at))
        {
            if (key > at) parts.Add(TextPart.Literal(text[at..key]));
            parts.Add(new TextPart(TextPartKind.Key));
            at = key + 1;
        }

        if (at < text.Length) parts.Add(TextPart.Literal(text[at..]));
        return parts;
    }

    /// <summary>A text with the mark in place of the first argument's name.</summary>
    public static string Marked(string text) => text.Replace(ProbeMessages.FirstKey, $"{Key}", StringComparison.Ordinal);
}
