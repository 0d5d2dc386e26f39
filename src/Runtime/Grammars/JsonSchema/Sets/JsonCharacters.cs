using System.Globalization;
using System.Text;
using ArchGen.Grammars.Regexes;

namespace ArchGen.Grammars.JsonSchema.Sets;

/// <summary>
/// The spelling of characters inside a string of JSON. Each has one: itself, or for quotes, backslashes and controls the shortest escape. Since no spelling
/// begins another, intersections and complements of spellings are those of strings.
/// </summary>
internal static class JsonCharacters
{
    private const int Controls = 0x20;

    /// <summary>One character of a set, spelled.</summary>
    public static Regex Class(RegexBuilder builder, CodePointRanges set)
    {
        List<Regex> parts = [builder.CodePoints(set.Intersect(Escaped.Complement()))];
        for (var control = 0; control < Controls; control++)
        {
            if (set.Contains(control)) parts.Add(builder.Literal(Spell(((char)control).ToString())));
        }

        if (set.Contains('"')) parts.Add(builder.Literal("\\\""));
        if (set.Contains('\\')) parts.Add(builder.Literal("\\\\"));
        return builder.Or([.. parts]);
    }

    /// <summary>Whether a string has only whole characters: a half of a surrogate pair has no spelling.</summary>
    public static bool CanSpell(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar && !text.Contains('\uFFFD', StringComparison.Ordinal)) return false;
        }

        return true;
    }

    /// <summary>A string as it is spelled between quotes.</summary>
    public static string Spell(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\0', '\u001f') < 0 && text.AsSpan().IndexOfAny('"', '\\') < 0) return text;
        StringBuilder result = new();
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' => result.Append("\\\""),
                '\\' => result.Append("\\\\"),
                '\b' => result.Append("\\b"),
                '\f' => result.Append("\\f"),
                '\n' => result.Append("\\n"),
                '\r' => result.Append("\\r"),
                '\t' => result.Append("\\t"),
                < ' ' => result.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => result.Append(character),
            };
        }

        return result.ToString();
    }

    private static CodePointRanges Escaped { get; } = CodePointRanges.Of((0, Controls - 1), ('"', '"'), ('\\', '\\'));
}
