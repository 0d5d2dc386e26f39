namespace ArchGen.Chat.Formats;

/// <summary>
/// How a model writes tool calls: the section, and in it one call after another. The parser and the grammar of an answer are both made of this.
/// <code>
/// SectionBegin (CallBegin Call CallEnd) (Separator CallBegin Call CallEnd)* SectionEnd
/// </code>
/// </summary>
internal sealed record ToolCallFormat
{
    /// <summary>Before the first call.</summary>
    public string SectionBegin { get; init; } = "";

    /// <summary>Before each call.</summary>
    public string CallBegin { get; init; } = "";

    /// <summary>After each call.</summary>
    public string CallEnd { get; init; } = "";

    /// <summary>Between two calls.</summary>
    public string Separator { get; init; } = "";

    /// <summary>After the last call. The answer may end without it.</summary>
    public string SectionEnd { get; init; } = "";

    /// <summary>Whether there can be more than one call in an answer.</summary>
    public bool IsParallel { get; init; } = true;

    /// <summary>Other ways in which the model may write a call, which are read and not demanded.</summary>
    public IReadOnlyList<ToolCallFormat> Alternatives { get; init; } = [];

    /// <summary>What a call consists of.</summary>
    public required CallSyntax Syntax { get; init; }

    /// <summary>The fixed texts by which calls are recognized in an answer.</summary>
    /// <param name="tools">The tools' names: a call may begin with nothing else.</param>
    public IReadOnlyList<string> Triggers(IEnumerable<string> tools)
    {
        // The first fixed text alone: models differ in the spaces after it.
        if (SectionBegin.Trim() is { Length: > 0 } section) return [section];
        if (CallBegin.Trim() is { Length: > 0 } begin) return [begin];
        if (Syntax is not HeadedCall { Head: [{ Kind: TextPartKind.Name }, ..] head }) return [Syntax.FirstLiteral];
        var after = head.Count > 1 ? head[1].Text : "";
        return [.. tools.Select(name => name + after)];
    }

    /// <summary>Whether nothing is before a call, so that any text may begin as one does. Then only the beginning of an answer can be a call.</summary>
    public bool IsBare => (SectionBegin + CallBegin).TrimStart().Length == 0;
}
