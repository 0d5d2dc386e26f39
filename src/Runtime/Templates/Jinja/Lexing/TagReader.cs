using System.Globalization;
using System.Numerics;
using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Running;

namespace ArchGen.Templates.Jinja.Lexing;

/// <summary>Reads the tokens inside a tag.</summary>
/// <param name="source">The template.</param>
/// <param name="tokens">Takes the tokens.</param>
/// <param name="isValue">Whether the tag is {{ }}, not {% %}.</param>
internal sealed class TagReader(string source, List<Token> tokens, bool isValue)
{
    private static readonly string[] Signs =
        ["//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";"];

    private readonly Stack<(string Close, int Position)> _open = new();
    private int _at;

    /// <summary>Reads from a position on; returns the position of the tag's end, with its sign.</summary>
    /// <exception cref="TemplateFault">The tag does not end, or a token is not possible.</exception>
    public int Read(int start)
    {
        for (_at = start; _at < source.Length;)
        {
            if (_open.Count == 0 && IsEnd()) return _at;
            var c = source[_at];
            if (Characters.IsSpace(c)) _at++;
            else if (char.IsAsciiDigit(c)) ReadNumber();
            else if (c is '\'' or '"') ReadString(c);
            else if (c == '_' || Characters.IsWord(source, _at)) ReadName();
            else ReadSign();
        }

        var what = isValue ? "print statement" : "statement block";
        var expected = _open.Count > 0 ? _open.Peek().Close : "end of " + what;
        throw TemplateFault.Syntax($"unexpected end of template, expected '{expected}'", source.Length);
    }

    private bool IsEnd()
    {
        var sign = source[_at] == '-' || (source[_at] == '+' && !isValue) ? 1 : 0;
        return string.CompareOrdinal(source, _at + sign, isValue ? "}}" : "%}", 0, 2) == 0;
    }

    private void ReadName()
    {
        var start = _at;
        while (_at < source.Length && (Characters.IsWord(source, _at) || IsMark(source, _at))) _at += char.IsSurrogatePair(source, _at) ? 2 : 1;
        var name = source[start.._at];
        if (!Characters.IsIdentifier(name)) throw TemplateFault.Syntax("Invalid character in identifier", start);
        tokens.Add(new Token(TokenKind.Name, name, start));
    }

    private static bool IsMark(string text, int at) =>
        CharUnicodeInfo.GetUnicodeCategory(text, at) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private void ReadSign()
    {
        var sign = Array.Find(Signs, s => string.CompareOrdinal(source, _at, s, 0, s.Length) == 0)
            ?? throw TemplateFault.Syntax($"unexpected char '{char.ConvertFromUtf32(CodePoint())}'", _at);
        if (sign is "(" or "[" or "{") _open.Push((sign == "(" ? ")" : sign == "[" ? "]" : "}", _at));
        if (sign is ")" or "]" or "}")
        {
            if (_open.Count == 0) throw TemplateFault.Syntax($"unexpected '{sign}'", _at);
            if (_open.Pop() is var (close, _) && close != sign) throw TemplateFault.Syntax($"unexpected '{sign}', expected '{close}'", _at);
        }

        tokens.Add(new Token(TokenKind.Sign, sign, _at));
        _at += sign.Length;
    }

    private int CodePoint() => char.IsSurrogate(source[_at]) ? char.IsSurrogatePair(source, _at) ? char.ConvertToUtf32(source, _at) : 0xFFFD : source[_at];

    private void ReadNumber()
    {
        var start = _at;
        var isFloat = false;
        if (source[_at] == '0' && _at + 1 < source.Length && source[_at + 1] is 'x' or 'X' or 'o' or 'O' or 'b' or 'B' && Prefixed(start)) return;
        SkipDigits();
        var isAfterDot = start > 0 && source[start - 1] == '.'; // a.1.2 has two indices
        if (!isAfterDot && _at + 1 < source.Length && source[_at] == '.' && char.IsAsciiDigit(source[_at + 1]))
        {
            isFloat = true;
            _at++;
            SkipDigits();
        }

        if (!isAfterDot && _at < source.Length && source[_at] is 'e' or 'E')
        {
            var exponent = _at + 1 < source.Length && source[_at + 1] is '+' or '-' ? _at + 2 : _at + 1;
            if (exponent < source.Length && char.IsAsciiDigit(source[exponent]))
            {
                isFloat = true;
                _at = exponent;
                SkipDigits();
            }
        }

        // 007 is 0, 0 and 7, as Jinja2 reads it, which is an error in the parser.
        if (!isFloat && source[start] == '0' && source.AsSpan(start, _at - start).IndexOfAnyInRange('1', '9') >= 0)
            throw TemplateFault.Syntax("an integer may not begin with 0", start);
        var digits = source[start.._at].Replace("_", "", StringComparison.Ordinal);
        if (digits.Length > 4300) throw TemplateFault.Syntax("a number has more than 4300 digits", start);
        TemplateValue value = isFloat
            ? double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture)
            : BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        tokens.Add(new Token(TokenKind.Number, "", start, value));
    }

    private bool Prefixed(int start)
    {
        var end = start + 2;
        while (end < source.Length && (char.IsAsciiHexDigit(source[end]) || source[end] == '_')) end++;
        if (Integers.Parse(source[start..end], 0) is not { } value) return false;
        tokens.Add(new Token(TokenKind.Number, "", start, value));
        _at = end;
        return true;
    }

    private void SkipDigits()
    {
        while (IsDigitAt(_at) || (_at < source.Length && source[_at] == '_' && IsDigitAt(_at + 1))) _at++;
    }

    private bool IsDigitAt(int at) => at < source.Length && char.IsAsciiDigit(source[at]);

    private void ReadString(char quote)
    {
        var end = _at + 1;
        while (end < source.Length && source[end] != quote) end += source[end] == '\\' ? 2 : 1;
        if (end >= source.Length) throw TemplateFault.Syntax("a string does not end", _at);
        tokens.Add(new Token(TokenKind.String, StringEscapes.Decode(source, _at + 1, end), _at));
        _at = end + 1;
    }
}
