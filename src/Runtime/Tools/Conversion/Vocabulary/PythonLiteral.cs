using System.Globalization;
using System.Text;

namespace ArchGen.Tools.Conversion.Vocabulary;

/// <summary>Python's literals of text and bytes (The Python Language Reference, 2.4.1, "String and Bytes literals").</summary>
internal static class PythonLiteral
{
    /// <summary>The bytes of a literal, text as UTF-8; null if it is not a literal.</summary>
    public static byte[]? Parse(ReadOnlySpan<char> literal)
    {
        var isBytes = literal is ['b', ..];
        if (isBytes) literal = literal[1..];
        if (literal is not [('\'' or '"') and var quote, .., var last] || literal.Length < 2 || last != quote) return null;
        return Tokenizers.PythonLiteral.Decode(literal[1..^1], isBytes);
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
