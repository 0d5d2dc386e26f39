using System.Globalization;
using System.Text;

namespace ArchGen.Tokenizers;

/// <summary>The inside of Python's string and bytes literals (Python Language Reference, section 2.4.1), as far as <c>repr</c> writes them.</summary>
internal static class PythonLiteral
{
    /// <summary>The bytes of a literal, in UTF-8; null if it is none.</summary>
    /// <param name="isBytes">Whether <c>\xHH</c> is a byte; else it is a code point.</param>
    public static byte[]? Decode(ReadOnlySpan<char> literal, bool isBytes)
    {
        List<byte> bytes = new(literal.Length);
        Span<byte> utf8 = stackalloc byte[4];
        while (!literal.IsEmpty)
        {
            if (literal[0] != '\\')
            {
                if (Rune.DecodeFromUtf16(literal, out var rune, out var units) != System.Buffers.OperationStatus.Done) return null;
                bytes.AddRange(utf8[..rune.EncodeToUtf8(utf8)]);
                literal = literal[units..];
                continue;
            }

            if (literal.Length < 2) return null;
            var (digits, simple) = literal[1] switch
            {
                'n' => (0, '\n'),
                'r' => (0, '\r'),
                't' => (0, '\t'),
                'a' => (0, '\a'),
                'b' => (0, '\b'),
                'f' => (0, '\f'),
                'v' => (0, '\v'),
                '\\' or '\'' or '"' => (0, literal[1]),
                'x' => (2, '\0'),
                'u' when !isBytes => (4, '\0'),
                'U' when !isBytes => (8, '\0'),
                _ => (-1, '\0'),
            };
            if (digits < 0 || literal.Length < 2 + digits) return null;
            var value = (int)simple;
            if (digits > 0 && !int.TryParse(literal.Slice(2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)) return null;
            if (isBytes) bytes.Add((byte)value);
            else if (Rune.IsValid(value)) bytes.AddRange(utf8[..new Rune(value).EncodeToUtf8(utf8)]);
            else return null;
            literal = literal[(2 + digits)..];
        }

        return [.. bytes];
    }

    /// <summary>Bytes as Python's <c>repr</c> shows them, without the quotes.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new(bytes.Length);
        var quote = bytes.Contains((byte)'\'') && !bytes.Contains((byte)'"') ? '"' : '\'';
        foreach (var value in bytes)
        {
            text.Append((char)value switch
            {
                '\n' => @"\n",
                '\r' => @"\r",
                '\t' => @"\t",
                '\\' => @"\\",
                var c when c == quote => $"\\{c}",
                >= ' ' and < (char)127 and var c => c.ToString(),
                _ => $"\\x{value:x2}",
            });
        }

        return text.ToString();
    }
}
