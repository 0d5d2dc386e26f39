using ArchGen.Templates.Jinja.Filters;
using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Running;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Methods;

/// <summary>Operations on strings that keep the origin of every character.</summary>
internal static class TextOperations
{
    /// <summary>Without the characters at its ends: those given, or white space.</summary>
    public static JinjaString Strip(JinjaString text, TemplateValue characters, bool left, bool right)
    {
        var set = FilterArguments.IsAbsent(characters) ? null : FilterArguments.String(characters, "strip arg");
        var (start, end) = (0, text.Length);
        while (left && start < end && IsStripped(text, start, set)) start += text.WidthAt(start);
        while (right && end > start && IsStripped(text, Before(text, end), set)) end = Before(text, end);
        return text.Slice(start, end);
    }

    /// <summary>With the first occurrences of a string replaced; all for a negative count.</summary>
    public static JinjaString Replace(Renderer renderer, JinjaString text, JinjaString old, JinjaString with, int count)
    {
        var result = new JinjaStringBuilder(renderer.Budget);
        var copied = 0;
        foreach (var at in Occurrences(text, old, count))
        {
            result.Append(text, copied, at);
            result.Append(with);
            copied = at + old.Length;
        }

        if (copied == 0 && result.Length == 0) return text;
        result.Append(text, copied, text.Length);
        return result.ToJinjaString().AsMarkup(text.IsMarkup);
    }

    /// <summary>The lines, as positions without their ends; nothing for an empty text.</summary>
    public static IEnumerable<(int Start, int End)> Lines(string text, bool keepsEnds = false)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = start;
            while (end < text.Length && !Characters.IsLineBreak(text[end])) end++;
            var next = end == text.Length ? end : text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? end + 2 : end + 1;
            yield return (start, keepsEnds ? next : end);
            start = next;
        }
    }

    /// <summary>Parts between separators; from the right if so wished; at most <paramref name="limit"/> splits, any number for a negative one.</summary>
    public static List<JinjaString> Split(JinjaString text, JinjaString separator, int limit, bool fromRight)
    {
        if (separator.Length == 0) throw TemplateFault.Value("empty separator");
        var at = Occurrences(text, separator, -1).ToList();
        if (fromRight) at = LastOccurrences(text, separator);
        if (limit >= 0 && at.Count > limit) at = fromRight ? at[^limit..] : at[..limit];
        var (parts, start) = (new List<JinjaString>(), 0);
        foreach (var position in at)
        {
            parts.Add(text.Slice(start, position));
            start = position + separator.Length;
        }

        parts.Add(text.Slice(start, text.Length));
        return parts;
    }

    /// <summary>Parts between white space, of which there may be any amount.</summary>
    public static List<JinjaString> SplitWhiteSpace(JinjaString text, int limit, bool fromRight)
    {
        var words = new List<(int Start, int End)>();
        for (var i = 0; i < text.Length;)
        {
            if (Characters.IsSpace(text.Value[i]))
            {
                i++;
                continue;
            }

            var start = i;
            while (i < text.Length && !Characters.IsSpace(text.Value[i])) i++;
            words.Add((start, i));
        }

        if (limit < 0 || words.Count <= limit) return words.ConvertAll(word => text.Slice(word.Start, word.End));
        // What is not split keeps its white space, but that at the end where the splitting began.
        if (fromRight)
            return [text.Slice(0, words[^(limit + 1)].End), .. words[^limit..].Select(word => text.Slice(word.Start, word.End))];
        return [.. words[..limit].Select(word => text.Slice(word.Start, word.End)), text.Slice(words[limit].Start, text.Length)];
    }

    /// <summary>In the middle of a text of a width. As Python's center, the odd space is on the left of an odd width.</summary>
    public static JinjaString Center(Renderer renderer, JinjaString text, int width, char fill)
    {
        var missing = width - text.CodePoints;
        var left = missing / 2 + (missing & width & 1);
        return Pad(renderer, text, left, missing - left, fill);
    }

    public static JinjaString Pad(Renderer renderer, JinjaString text, int left, int right, char fill)
    {
        if (left <= 0 && right <= 0) return text;
        var result = new JinjaStringBuilder(renderer.Budget);
        result.Append(fill, left);
        result.Append(text);
        result.Append(fill, right);
        return result.ToJinjaString().AsMarkup(text.IsMarkup);
    }

    private static IEnumerable<int> Occurrences(JinjaString text, JinjaString old, int count)
    {
        for (var i = 0; count != 0 && i <= text.Length; count--)
        {
            var at = old.Length == 0 ? i : text.Value.IndexOf(old.Value, i, StringComparison.Ordinal);
            if (at < 0) yield break;
            yield return at;
            // An empty text is found before each character and at the end.
            i = old.Length > 0 ? at + old.Length : at < text.Length ? at + text.WidthAt(at) : at + 1;
        }
    }

    private static List<int> LastOccurrences(JinjaString text, JinjaString separator)
    {
        var at = new List<int>();
        for (var end = text.Length; end >= separator.Length;)
        {
            var found = text.Value.AsSpan(0, end).LastIndexOf(separator.Value, StringComparison.Ordinal);
            if (found < 0) break;
            at.Add(found);
            end = found;
        }

        at.Reverse();
        return at;
    }

    private static bool IsStripped(JinjaString text, int at, JinjaString? set)
    {
        if (set is null) return Characters.IsSpace(text.Value[at]);
        var width = text.WidthAt(at);
        return set.Value.AsSpan().IndexOf(text.Value.AsSpan(at, width), StringComparison.Ordinal) >= 0;
    }

    private static int Before(JinjaString text, int end) =>
        end >= 2 && char.IsLowSurrogate(text.Value[end - 1]) && char.IsHighSurrogate(text.Value[end - 2]) ? end - 2 : end - 1;
}
