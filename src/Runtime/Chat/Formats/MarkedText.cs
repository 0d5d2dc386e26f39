namespace ArchGen.Chat.Formats;

/// <summary>
/// A rendered text as units that a difference must not cut: markers such as <c>&lt;|im_end|&gt;</c>, <c>[TOOL_CALLS]</c> and <c>&lt;/tool_call&gt;</c>,
/// and single characters. Otherwise <c>&lt;|eot_id|&gt;</c> and <c>&lt;|eom_id|&gt;</c> would share an end.
/// </summary>
internal static class MarkedText
{
    // Longer ones are text in angle brackets.
    private const int MaxMarkerLength = 64;

    /// <summary>The length of what two texts have in common at their beginnings, in characters.</summary>
    public static int CommonPrefix(string a, string b)
    {
        var at = 0;
        while (at < a.Length && at < b.Length)
        {
            int unit = UnitLength(a, at), other = UnitLength(b, at);
            if (unit != other || string.CompareOrdinal(a, at, b, at, unit) != 0) break;
            at += unit;
        }

        return at;
    }

    /// <summary>The length of what two texts have in common at their ends, in characters.</summary>
    public static int CommonSuffix(string a, string b)
    {
        List<int> ends = Units(a), others = Units(b);
        var length = 0;
        for (int i = ends.Count - 2, j = others.Count - 2; i >= 0 && j >= 0; i--, j--)
        {
            var unit = ends[i + 1] - ends[i];
            if (unit != others[j + 1] - others[j] || string.CompareOrdinal(a, ends[i], b, others[j], unit) != 0) break;
            length += unit;
        }

        return length;
    }

    // The beginnings of all units, and the end of the text.
    private static List<int> Units(string text)
    {
        var begins = new List<int>(text.Length + 1);
        for (var at = 0; at < text.Length; at += UnitLength(text, at)) begins.Add(at);
        begins.Add(text.Length);
        return begins;
    }

    private static int UnitLength(string text, int at)
    {
        var close = text[at] switch { '<' => '>', '[' => ']', _ => '\0' };
        if (close == '\0') return 1;
        var end = text.IndexOfAny([close, text[at], ' ', '\n', '"', '{'], at + 1, Math.Min(MaxMarkerLength, text.Length - at - 1));
        return end > at + 1 && text[end] == close ? end + 1 - at : 1;
    }
}
