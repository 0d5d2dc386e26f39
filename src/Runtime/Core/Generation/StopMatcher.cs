namespace ArchGen.Runtime.Generation;

/// <summary>
/// Finds the first of some texts in a text that comes in parts, wherever the parts are divided. What may be the beginning of one is held back until it is
/// decided, and everything before it is passed on at once.
/// </summary>
/// <remarks>For one caller at a time.</remarks>
public sealed class StopMatcher
{
    private readonly string[] _texts;
    private readonly int[][] _fallbacks;
    private readonly int[] _matched; // characters of each text that the last characters are
    private readonly bool _keepsText;
    private string _heldBack = "";

    /// <summary>Looks for texts.</summary>
    /// <param name="texts">The texts; none is empty.</param>
    /// <param name="keepsText">Whether the text that is found is passed on too. By default it is not.</param>
    /// <exception cref="RequestException">A text is empty, or begins or ends within a character.</exception>
    public StopMatcher(IReadOnlyList<string> texts, bool keepsText = false)
    {
        ArgumentNullException.ThrowIfNull(texts);
        foreach (var text in texts)
        {
            if (text.Length == 0) throw new RequestException("A stop text is empty; expected the text to stop at.");
            if (char.IsLowSurrogate(text[0]) || char.IsHighSurrogate(text[^1]))
                throw new RequestException("A stop text has half of a character at its beginning or end; expected whole characters.");
        }

        (_texts, _keepsText) = ([.. texts], keepsText);
        _fallbacks = Array.ConvertAll(_texts, Fallbacks);
        _matched = new int[_texts.Length];
    }

    /// <summary>The text that was found; null if none was.</summary>
    public string? Found { get; private set; }

    /// <summary>Takes the next part.</summary>
    /// <returns>The characters that are decided: those before a stop text, and with it if it is kept. Nothing once one was found.</returns>
    public string Append(string part)
    {
        ArgumentNullException.ThrowIfNull(part);
        if (_texts.Length == 0) return part;
        if (Found is not null || part.Length == 0) return "";
        var longest = 0;
        for (var i = 0; i < part.Length; i++)
        {
            longest = Advance(part[i]);
            if (Found is null) continue;
            return _keepsText ? part[..(i + 1)] : string.Concat(_heldBack, part)[..(_heldBack.Length + i + 1 - Found.Length)];
        }

        if (_keepsText) return part;
        var text = _heldBack.Length == 0 ? part : string.Concat(_heldBack, part);
        _heldBack = longest == 0 ? "" : text[^longest..];
        return longest == 0 ? text : text[..^longest];
    }

    /// <summary>The characters that were held back, at the end of the text.</summary>
    public string Flush()
    {
        var rest = Found is null ? _heldBack : "";
        _heldBack = "";
        Array.Clear(_matched);
        return rest;
    }

    // Moves on by a character, and returns how many of the last characters may be the beginning of a text. Of texts that end here the longest is found.
    private int Advance(char next)
    {
        var longest = 0;
        for (var i = 0; i < _texts.Length; i++)
        {
            var (text, matched) = (_texts[i], _matched[i]);
            while (matched > 0 && text[matched] != next) matched = _fallbacks[i][matched];
            if (text[matched] == next) matched++;
            if (matched == text.Length)
            {
                if (text.Length > (Found?.Length ?? 0)) Found = text;
                matched = 0;
            }

            _matched[i] = matched;
            longest = Math.Max(longest, matched);
        }

        return longest;
    }

    // For each number of matched characters the next smaller one that they end with (Knuth, Morris and Pratt 1977).
    private static int[] Fallbacks(string text)
    {
        var fallbacks = new int[text.Length];
        var matched = 0;
        for (var i = 1; i < text.Length; i++)
        {
            fallbacks[i] = matched;
            while (matched > 0 && text[i] != text[matched]) matched = fallbacks[matched];
            if (text[i] == text[matched]) matched++;
        }

        return fallbacks;
    }
}
