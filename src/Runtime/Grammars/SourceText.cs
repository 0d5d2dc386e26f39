using System.Text;

namespace ArchGen.Grammars;

/// <summary>The text of a grammar or a pattern, for messages that say where in it something is wrong.</summary>
/// <param name="what">What it is, for the beginning of a message: "regular expression".</param>
internal sealed class SourceText(string what, string text)
{
    private const int Shown = 100;

    public string Text => text;

    /// <summary>An error at an index of the text: what it is, line and column from 1, the reason, and the line with a caret under the place.</summary>
    public RequestException Error(int index, string reason)
    {
        index = Math.Clamp(index, 0, text.Length);
        var start = index == 0 ? 0 : text.LastIndexOf('\n', index - 1) + 1;
        var end = text.IndexOf('\n', index) is >= 0 and var found ? found : text.Length;
        var line = text.AsSpan(0, start).Count('\n') + 1;
        var column = index - start + 1;

        // Of a long line, a part around the place is shown.
        var from = Math.Max(start, Math.Min(index - (Shown / 2), end - Shown));
        var to = Math.Min(end, from + Shown);
        StringBuilder shown = new();
        foreach (var c in text.AsSpan(from, to - from)) shown.Append(char.IsControl(c) ? ' ' : c);
        var caret = new string(' ', index - from) + '^';
        return new($"{what}, line {line}, column {column}: {reason}\n    {shown}\n    {caret}");
    }
}
