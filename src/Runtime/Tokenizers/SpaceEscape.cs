using System.Text;

namespace ArchGen.Tokenizers;

/// <summary>SentencePiece writes a space as U+2581, lower one eighth block (Kudo and Richardson 2018).</summary>
internal static class SpaceEscape
{
    private const char Escaped = '\u2581';

    /// <summary>The UTF-8 of a text with its spaces escaped.</summary>
    public static byte[] Escape(ReadOnlySpan<char> text, bool prefixSpace)
    {
        var escaped = new char[text.Length + (prefixSpace ? 1 : 0)];
        text.CopyTo(escaped.AsSpan(prefixSpace ? 1 : 0));
        if (prefixSpace) escaped[0] = Escaped;
        escaped.AsSpan().Replace(' ', Escaped);
        return Encoding.UTF8.GetBytes(escaped);
    }

    /// <summary>The UTF-8 of a token with its spaces restored.</summary>
    public static byte[] Unescape(string token) => Encoding.UTF8.GetBytes(token.Replace(Escaped, ' '));
}
