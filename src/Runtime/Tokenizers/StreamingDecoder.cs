using System.Text;

namespace ArchGen.Tokenizers;

/// <summary>
/// Decodes tokens as they are generated. A character whose bytes come in several tokens is held back until it is whole, so what is shown is always
/// whole characters; bytes that can no longer become a character turn into U+FFFD at once.
/// </summary>
/// <param name="special">Show control tokens as they are named.</param>
public sealed class StreamingDecoder(Tokenizer tokenizer, bool special)
{
    private readonly Decoder _utf8 = Encoding.UTF8.GetDecoder();

    /// <summary>The text that is complete with this token; may be empty.</summary>
    public string Append(int token) => Convert(tokenizer.Piece(token, special), flush: false);

    /// <summary>Ends the text: an unfinished character becomes U+FFFD. The decoder can be used again afterwards.</summary>
    public string Flush() => Convert([], flush: true);

    private string Convert(ReadOnlySpan<byte> bytes, bool flush)
    {
        var capacity = Encoding.UTF8.GetMaxCharCount(bytes.Length);
        Span<char> chars = capacity <= 256 ? stackalloc char[capacity] : new char[capacity];
        return new(chars[.._utf8.GetChars(bytes, chars, flush)]);
    }
}
