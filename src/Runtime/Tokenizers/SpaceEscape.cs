using System.Text;

namespace ArchGen.Tokenizers;

/// <summary>SentencePiece writes a space as U+2581, lower one eighth block (Kudo and Richardson 2018).</summary>
internal static class SpaceEscape
{
    /// <summary>The character that replaces a space.</summary>
    public const char Escaped = '\u2581';

    /// <summary>The UTF-8 of a text, with its spaces escaped or left as they are. Lone surrogates become U+FFFD.</summary>
    public static byte[] Encode(ReadOnlySpan<char> text, bool prefixSpace, bool escape)
    {
        if (!prefixSpace && !escape)
        {
            var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
            Encoding.UTF8.GetBytes(text, bytes);
            return bytes;
        }

        var chars = new char[text.Length + (prefixSpace ? 1 : 0)];
        text.CopyTo(chars.AsSpan(prefixSpace ? 1 : 0));
        if (prefixSpace) chars[0] = ' ';
        if (escape) chars.AsSpan().Replace(' ', Escaped);
        return Encoding.UTF8.GetBytes(chars);
    }

    /// <summary>A token with its spaces restored.</summary>
    public static string Plain(string token) => token.Replace(Escaped, ' ');

    /// <summary>The UTF-8 of a token with its spaces restored.</summary>
    public static byte[] Unescape(string token) => Encoding.UTF8.GetBytes(Plain(token));
}
