using System.Globalization;

namespace ArchGen.Templates.Jinja.Formatting;

/// <summary>Python's classes of characters.</summary>
internal static class Characters
{
    /// <summary>Python's str.isspace of one character: Unicode's white space and the four separators of ASCII.</summary>
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f';

    /// <summary>The characters at which str.splitlines splits.</summary>
    public static bool IsLineBreak(char c) => c is '\n' or '\r' or '\v' or '\f' or '\x1c' or '\x1d' or '\x1e' or '\x85' or '\u2028' or '\u2029';

    /// <summary>Python's str.isprintable of the character at a position.</summary>
    public static bool IsPrintable(string text, int at) => text[at] == ' ' || CharUnicodeInfo.GetUnicodeCategory(text, at) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);

    /// <summary>Whether a character belongs to a word, as \w of a Python pattern: a letter, a number, or an underscore.</summary>
    public static bool IsWord(string text, int at) => text[at] == '_' || IsLetter(text, at) || IsNumeric(text, at);

    public static bool IsLetter(string text, int at) => CharUnicodeInfo.GetUnicodeCategory(text, at) is UnicodeCategory.UppercaseLetter
        or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter;

    public static bool IsNumeric(string text, int at) => CharUnicodeInfo.GetNumericValue(text, at) != -1;

    public static bool IsDigit(string text, int at) => CharUnicodeInfo.GetDigitValue(text, at) >= 0;

    public static bool IsDecimal(string text, int at) => CharUnicodeInfo.GetUnicodeCategory(text, at) == UnicodeCategory.DecimalDigitNumber;

    public static bool IsUpper(string text, int at) => CharUnicodeInfo.GetUnicodeCategory(text, at) == UnicodeCategory.UppercaseLetter;

    public static bool IsLower(string text, int at) => CharUnicodeInfo.GetUnicodeCategory(text, at) == UnicodeCategory.LowercaseLetter
        || text[at] is 'ª' or 'º';

    public static bool IsTitle(string text, int at) => CharUnicodeInfo.GetUnicodeCategory(text, at) == UnicodeCategory.TitlecaseLetter;

    /// <summary>Python's str.isidentifier.</summary>
    public static bool IsIdentifier(string text)
    {
        for (var i = 0; i < text.Length; i += char.IsSurrogatePair(text, i) ? 2 : 1)
        {
            var isStart = text[i] == '_' || IsLetter(text, i) || CharUnicodeInfo.GetUnicodeCategory(text, i) == UnicodeCategory.LetterNumber;
            var continues = i > 0 && CharUnicodeInfo.GetUnicodeCategory(text, i) is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ConnectorPunctuation;
            if (!isStart && !continues) return false;
        }

        return text.Length > 0;
    }
}
