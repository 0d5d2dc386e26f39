namespace ArchGen.Grammars;

/// <summary>The text of a grammar or a pattern, for messages that say where in it something is wrong.</summary>
/// <param name="what">What it is, for the beginning of a message: "regular expression".</param>
/// <param name="text">The text.</param>
/// <param name="isOneLine">Whether messages are one line, as for a pattern inside of another notation.</param>
internal sealed class SourceText(string what, string text, bool isOneLine = false)
{
    public string Text => text;

    /// <summary>An error at an index of the text: what it is, line and column from 1, the reason, and the line with a caret under the place.</summary>
    public RequestException Error(int index, string reason)
    {
        var place = SourceExcerpt.Of(text, index);
        if (isOneLine) return new($"the {what} \"{place.Text}\" is not supported (column {place.Column}): {reason}");
        return new($"{what}, line {place.Line}, column {place.Column}: {reason}\n    {place.Text}\n    {place.Caret}");
    }
}
