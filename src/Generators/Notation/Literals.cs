using System.Globalization;
using System.Text;

namespace ArchGen.Generators.Notation;

/// <summary>Text as a C# literal.</summary>
internal static class Literals
{
    /// <summary>A text in quotes, with an escape for each character that has no picture of its own.</summary>
    public static string Literal(string text)
    {
        var literal = new StringBuilder(text.Length + 2).Append('"');
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            {
                AppendPair(literal, text, i);
                i++;
            }
            else
            {
                Append(literal, text[i]);
            }
        }

        return literal.Append('"').ToString();
    }

    private static void AppendPair(StringBuilder literal, string text, int index)
    {
        if (HasPicture(CharUnicodeInfo.GetUnicodeCategory(text, index))) literal.Append(text, index, 2);
        else literal.Append("\\U").Append(char.ConvertToUtf32(text, index).ToString("x8", CultureInfo.InvariantCulture));
    }

    private static void Append(StringBuilder literal, char c)
    {
        if (Escape(c) is { } escape) literal.Append('\\').Append(escape);
        else if (HasPicture(CharUnicodeInfo.GetUnicodeCategory(c))) literal.Append(c);
        else literal.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
    }

    private static char? Escape(char c) => c switch
    {
        '"' or '\\' => c,
        '\0' => '0',
        '\a' => 'a',
        '\b' => 'b',
        '\f' => 'f',
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        '\v' => 'v',
        _ => null,
    };

    private static bool HasPicture(UnicodeCategory category) =>
        category is not (UnicodeCategory.Control or UnicodeCategory.OtherNotAssigned or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.LineSeparator or UnicodeCategory.Surrogate);
}
