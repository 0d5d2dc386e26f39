namespace ArchGen.Chat.Answers;

/// <summary>
/// A place in a text that may go on. Fixed texts are compared without the spaces and line breaks at their ends, since models leave them out.
/// </summary>
/// <param name="text">The text so far.</param>
/// <param name="isComplete">Whether no more follows.</param>
internal sealed class TextCursor(string text, bool isComplete)
{
    /// <summary>The text so far.</summary>
    public string Text => text;

    /// <summary>The next character's place.</summary>
    public int Position { get; set; }

    /// <summary>Whether the text ends here so far.</summary>
    public bool IsAtEnd => Position >= text.Length;

    /// <summary>The result if the text ends before something is complete.</summary>
    public ReadResult Unfinished => isComplete ? ReadResult.Mismatch : ReadResult.NeedsMore;

    /// <summary>Skips spaces and line breaks.</summary>
    public void SkipSpaces()
    {
        while (Position < text.Length && char.IsWhiteSpace(text[Position])) Position++;
    }

    /// <summary>Reads a fixed text. If it is not there, the place stays.</summary>
    public ReadResult Literal(string literal)
    {
        var core = literal.AsSpan().Trim();
        var begin = Position;
        SkipSpaces();
        // A fixed text of spaces says nothing.
        if (core.IsEmpty) return ReadResult.Done;
        var rest = text.AsSpan(Position);
        if (rest.StartsWith(core, StringComparison.Ordinal))
        {
            Position += core.Length;
            SkipTrailing(literal);
            return ReadResult.Done;
        }

        Position = begin;
        return core.StartsWith(rest, StringComparison.Ordinal) ? Unfinished : ReadResult.Mismatch;
    }

    /// <summary>Reads up to a fixed text, which is left.</summary>
    /// <param name="end">The fixed text.</param>
    /// <param name="value">What is before it, without the spaces that the fixed text begins with.</param>
    public ReadResult UpTo(string end, out string value)
    {
        var core = end.TrimStart();
        var at = text.IndexOf(core.TrimEnd(), Position, StringComparison.Ordinal);
        value = "";
        if (at < 0) return Unfinished;
        value = text[Position..at];
        var spaces = end[..^core.Length];
        if (spaces.Length > 0 && value.EndsWith(spaces, StringComparison.Ordinal)) value = value[..^spaces.Length];
        Position = at;
        return ReadResult.Done;
    }

    // What follows may be a text of which spaces are a part: only those of the fixed text are skipped.
    private void SkipTrailing(string literal)
    {
        foreach (var space in literal.AsSpan(literal.AsSpan().TrimEnd().Length))
        {
            if (Position < text.Length && text[Position] == space) Position++;
        }
    }
}
