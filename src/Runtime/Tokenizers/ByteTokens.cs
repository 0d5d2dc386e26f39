using System.Globalization;

namespace ArchGen.Tokenizers;

/// <summary>Tokens for single bytes, written <c>&lt;0xHH&gt;</c>: what SentencePiece falls back to where a character has no token.</summary>
internal static class ByteTokens
{
    public static byte? Parse(string text) =>
        text is ['<', '0', 'x', _, _, '>'] && byte.TryParse(text.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    /// <summary>The token for each byte; where the vocabulary has none, -1.</summary>
    public static int[] In(Vocabulary vocabulary)
    {
        var tokens = new int[256];
        for (var b = 0; b < tokens.Length; b++) tokens[b] = vocabulary.Find($"<0x{b:X2}>") ?? -1;
        return tokens;
    }
}
