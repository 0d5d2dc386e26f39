using System.Text;

namespace ArchGen.Tokenizers;

/// <summary>
/// Decodes tokens as they are generated. A character whose bytes come in several tokens is held back until it is whole, so what is shown is always
/// whole characters; bytes that can no longer become a character become U+FFFD immediately.
/// </summary>
/// <remarks>For one caller at a time.</remarks>
/// <param name="special">Show control tokens as they are named.</param>
public sealed class StreamingDecoder(Tokenizer tokenizer, bool special)
{
    private const int MaxHeldBack = 16; // tokens; no character has more bytes than that in any vocabulary

    private readonly Decoder _utf8 = Encoding.UTF8.GetDecoder();
    private readonly List<int> _window = []; // the tokens shown last, which say how the next begin, and those held back
    private int _shown;

    /// <summary>The text that is complete with this token; may be empty.</summary>
    public string Append(int token)
    {
        if (tokenizer.DecodesEachByItself) return Convert(tokenizer.Piece(token, special), flush: false);
        _window.Add(token);
        return Take(everything: _window.Count - _shown >= MaxHeldBack);
    }

    /// <summary>Ends the text: an unfinished character becomes U+FFFD. The decoder can be used again afterwards.</summary>
    public string Flush()
    {
        if (tokenizer.DecodesEachByItself) return Convert([], flush: true);
        var rest = Take(everything: true);
        _window.Clear();
        _shown = 0;
        return rest;
    }

    private string Take(bool everything)
    {
        var tokens = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_window);
        var before = tokenizer.Decode(tokens[.._shown], special);
        var text = tokenizer.Decode(tokens, special);
        if (text.Length <= before.Length || (text.EndsWith('\uFFFD') && !everything)) return "";
        _window.RemoveRange(0, _shown);
        _shown = _window.Count;
        return text[before.Length..];
    }

    private string Convert(ReadOnlySpan<byte> bytes, bool flush)
    {
        var capacity = Encoding.UTF8.GetMaxCharCount(bytes.Length);
        var chars = capacity <= 256 ? stackalloc char[capacity] : new char[capacity];
        return new(chars[.._utf8.GetChars(bytes, chars, flush)]);
    }
}
