namespace ArchGen.Cli.Texts;

/// <summary>Texts at which generation ends (<c>-r</c>).</summary>
internal sealed class StopTexts
{
    private readonly IReadOnlyList<string> _texts;
    private readonly int _longest;
    private string _tail = "";

    /// <summary>Looks for these texts.</summary>
    /// <exception cref="ArchGenException">One of them is empty.</exception>
    public StopTexts(IReadOnlyList<string> texts)
    {
        if (texts.Contains("")) throw new RequestException("--reverse-prompt is empty, expected the text to stop at.");
        (_texts, _longest) = (texts, texts.Select(t => t.Length).DefaultIfEmpty().Max());
    }

    /// <summary>Whether one of them was generated.</summary>
    public bool IsFound { get; private set; }

    /// <summary>The part of the next text to show: up to the end of the first stop text that is found.</summary>
    public string Take(string part)
    {
        var seen = _tail + part;
        var found = _texts.Select(text => (At: seen.IndexOf(text, StringComparison.Ordinal), text.Length)).Where(t => t.At >= 0);
        var ends = found.Select(t => t.At + t.Length).ToList();
        if (ends.Count > 0)
        {
            IsFound = true;
            return seen[_tail.Length..ends.Min()];
        }

        // A stop text may begin in a part that is already shown.
        _tail = seen[^Math.Min(seen.Length, Math.Max(_longest - 1, 0))..];
        return part;
    }
}
