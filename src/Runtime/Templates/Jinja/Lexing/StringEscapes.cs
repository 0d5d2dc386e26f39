using System.Globalization;
using System.Text;
using ArchGen.Templates.Jinja.Running;

namespace ArchGen.Templates.Jinja.Lexing;

/// <summary>The escapes in strings, those of Python.</summary>
internal static class StringEscapes
{
    public static string Decode(string source, int start, int end)
    {
        if (source.IndexOf('\\', start, end - start) < 0) return source[start..end];
        var text = new StringBuilder(end - start);
        for (var i = start; i < end;)
        {
            if (source[i] != '\\') text.Append(source[i++]);
            else i = Append(text, source, i, end);
        }

        return text.ToString();
    }

    // Appends the escape at a position; returns the position after it.
    private static int Append(StringBuilder text, string source, int at, int end)
    {
        var c = source[at + 1];
        switch (c)
        {
            case '\n': return at + 2;
            case 'x': return AppendCode(text, source, at, end, 2);
            case 'u': return AppendCode(text, source, at, end, 4);
            case 'U': return AppendCode(text, source, at, end, 8);
            case 'N': throw TemplateFault.Syntax("the escape \\N{...} is not supported; write the character, or \\u and four digits", at);
            case >= '0' and <= '7':
                var (code, i) = (0, at + 1);
                for (; i < end && i < at + 4 && source[i] is >= '0' and <= '7'; i++) code = (code * 8) + source[i] - '0';
                text.Append((char)code);
                return i;
        }

        var simple = "\\'\"abfnrtv".IndexOf(c, StringComparison.Ordinal);
        if (simple >= 0) text.Append("\\'\"\a\b\f\n\r\t\v"[simple]);
        else text.Append('\\').Append(c);
        return at + 2;
    }

    private static int AppendCode(StringBuilder text, string source, int at, int end, int digits)
    {
        var from = at + 2;
        if (from + digits > end || !uint.TryParse(source.AsSpan(from, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            throw TemplateFault.Syntax($"truncated \\{source[at + 1]}{new string('X', digits)} escape", at);
        if (code > 0x10FFFF) throw TemplateFault.Syntax("illegal Unicode character", at);
        if (code <= 0xFFFF) text.Append((char)code);
        else text.Append(char.ConvertFromUtf32((int)code));
        return from + digits;
    }
}
