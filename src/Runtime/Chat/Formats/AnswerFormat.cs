namespace ArchGen.Chat.Formats;

/// <summary>How a model writes an answer, as its template shows.</summary>
/// <param name="Thinking">What is around its thinking; null if it does not think.</param>
/// <param name="ToolCalls">How it calls tools; null if the template shows no calls.</param>
internal sealed record AnswerFormat(ThinkingFormat? Thinking, ToolCallFormat? ToolCalls)
{
    /// <summary>A fixed text before an answer's text, only at its beginning, such as <c>all</c> (Functionary 3.2). Empty if there is none.</summary>
    public string TextBegin { get; init; } = "";

    /// <summary>Fixed texts around the answer's text that are no part of it, such as <c>&lt;|START_RESPONSE|&gt;</c>.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];
}
