using ArchGen.Tokenizers;

namespace ArchGen.Runtime.Scheduling;

/// <summary>The text of one answer, up to the first stop text. What may become one is held back until it is decided.</summary>
/// <param name="tokenizer">The tokenizer.</param>
/// <param name="stops">Texts that end the answer.</param>
internal sealed class AnswerText(Tokenizer tokenizer, IReadOnlyList<string> stops)
{
    private readonly StreamingDecoder _decoder = new(tokenizer, special: false);
    private string _heldBack = "";

    /// <summary>Whether a stop text was found.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>The characters that are complete with a token.</summary>
    public string Append(int token) => Take(_decoder.Append(token), isEnd: false);

    /// <summary>The characters that were held back, at the end of the answer.</summary>
    public string Flush() => Take(_decoder.Flush(), isEnd: true);

    private string Take(string part, bool isEnd)
    {
        if (IsStopped) return "";
        if (stops.Count == 0 || (part.Length == 0 && !isEnd)) return part;
        var text = _heldBack + part;
        _heldBack = "";
        var first = -1;
        for (var i = 0; i < stops.Count; i++)
        {
            var at = text.IndexOf(stops[i], StringComparison.Ordinal);
            if (at >= 0 && (first < 0 || at < first)) first = at;
        }

        if (first >= 0)
        {
            IsStopped = true;
            return text[..first];
        }

        if (isEnd) return text;
        var safe = text.Length - LongestBeginning(text);
        _heldBack = text[safe..];
        return text[..safe];
    }

    // The length of the longest end of the text that is the beginning of a stop text.
    private int LongestBeginning(string text)
    {
        var longest = 0;
        for (var i = 0; i < stops.Count; i++)
        {
            for (var length = Math.Min(stops[i].Length - 1, text.Length); length > longest; length--)
            {
                if (text.AsSpan(text.Length - length).SequenceEqual(stops[i].AsSpan(0, length))) longest = length;
            }
        }

        return longest;
    }
}
