using System.Globalization;
using System.Text;

namespace ArchGen.Conversion.Vocabulary;

/// <summary>Python's literals of text and bytes (The Python Language Reference, 2.4.1, "String and Bytes literals").</summary>
internal static class PythonLiteral
{
    /// <summary>The bytes of a literal, text as UTF-8; null if it is none.</summary>
    public static byte[]? Parse(ReadOnlySpan<char> literal)
    {
        var isBytes = literal is ['b', ..];
        if (isBytes) literal = literal[1..];
        if (literal is not [('\'' or '"') and var quote, .., var last] || literal.Length < 2 || last != quote) return null;
        literal = literal[1..^1];
        List<byte> bytes = new(literal.Length);
        Span<byte> utf8 = stackalloc byte[4];
        while (literal.Length > 0)
        {
            if (literal[0] != '\\')
            {
                if (Rune.DecodeFromUtf16(literal, out var rune, out var used) != System.Buffers.OperationStatus.Done) return null;
                bytes.AddRange(utf8[..rune.EncodeToUtf8(utf8)]);
                literal = literal[used..];
                continue;
            }

            if (literal.Length < 2) return null;
            var (digits, value) = literal[1] switch
            {
                'n' => (0, '\n'),
                'r' => (0, '\r'),
                't' => (0, '\t'),
                'a' => (0, '\a'),
                'b' => (0, '\b'),
                'f' => (0, '\f'),
                'v' => (0, '\v'),
                '\\' or '\'' or '"' => (0, literal[1]),
                'x' => (2, 0),
                'u' => (4, 0),
                'U' => (8, 0),
                _ => (-1, 0),
            };
            if (digits < 0 || literal.Length < 2 + digits) return null;
            if (digits > 0 && !int.TryParse(literal.Slice(2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)) return null;
            literal = literal[(2 + digits)..];
            if (isBytes && value <= 0xFF) bytes.Add((byte)value);
            else if (Rune.TryCreate(value, out var escaped)) bytes.AddRange(utf8[..escaped.EncodeToUtf8(utf8)]);
            else return null;
        }

        return [.. bytes];
    }

    /// <summary>The inside of the literal that Python's <c>repr</c> writes for bytes.</summary>
    public static string Write(ReadOnlySpan<byte> bytes)
    {
        var escapesQuote = bytes.Contains((byte)'\'') && bytes.Contains((byte)'"');
        StringBuilder text = new(bytes.Length);
        foreach (var b in bytes)
        {
            switch (b)
            {
                case (byte)'\\': text.Append(@"\\"); break;
                case (byte)'\n': text.Append(@"\n"); break;
                case (byte)'\r': text.Append(@"\r"); break;
                case (byte)'\t': text.Append(@"\t"); break;
                case (byte)'\'' when escapesQuote: text.Append(@"\'"); break;
                case >= 0x20 and < 0x7F: text.Append((char)b); break;
                default: text.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}"); break;
            }
        }

        return text.ToString();
    }
}
