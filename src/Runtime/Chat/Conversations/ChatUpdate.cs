using ArchGen.Chat.Answers;
using ArchGen.Runtime.Scheduling;

namespace ArchGen.Chat.Conversations;

/// <summary>Why an answer ended.</summary>
public enum ChatFinishReason
{
    /// <summary>The model ended it, or one of the stop texts came.</summary>
    Stop,

    /// <summary>It has as many tokens as allowed, or the context is full.</summary>
    Length,

    /// <summary>The model called tools: their results are awaited.</summary>
    ToolCalls,
}

/// <summary>The end of an answer.</summary>
/// <param name="Reason">Why it ended.</param>
/// <param name="Usage">Its tokens.</param>
/// <param name="ReasoningTokens">Tokens of thinking among those generated, with the token that ends it.</param>
public sealed record ChatFinish(ChatFinishReason Reason, GenerationUsage Usage, int ReasoningTokens)
{
    /// <summary>How long the answer took.</summary>
    public GenerationTimes Times { get; init; }

    /// <summary>The stop text that ended the answer; null if none did.</summary>
    public string? StopText { get; init; }
}

/// <summary>The next part of an answer, its end or, if they are reported, its next token.</summary>
/// <param name="Answer">The number of the answer, from 0.</param>
/// <param name="Part">The part; null if it is the end or a token.</param>
/// <param name="Finish">The end; null if it goes on.</param>
public sealed record ChatUpdate(int Answer, AnswerPart? Part, ChatFinish? Finish)
{
    /// <summary>
    /// A token that was generated; null for a part or the end. Tokens are reported only if <see cref="ChatGeneration.ReportsTokens"/> is set, each before the
    /// parts that it completes. It has the token's probabilities, if they were requested.
    /// </summary>
    public GenerationEvent? Token { get; init; }
}
