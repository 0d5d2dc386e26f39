namespace ArchGen.CommandLine.Serving;

/// <summary>What one request took.</summary>
/// <param name="Start">When it was sent, as <see cref="TimeProvider.GetTimestamp"/> counts.</param>
/// <param name="End">When its last event had come.</param>
internal sealed record LoadResult(long Start, long End)
{
    /// <summary>Why it failed; null if it did not.</summary>
    public string? Error { get; init; }

    /// <summary>From sending it to its last event.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>From sending it to the first text; null if there was none.</summary>
    public TimeSpan? FirstToken { get; init; }

    /// <summary>The times between two events with text.</summary>
    public IReadOnlyList<TimeSpan> Gaps { get; init; } = [];

    /// <summary>Tokens of the prompt by the server's usage; null if it states none.</summary>
    public int? PromptTokens { get; init; }

    /// <summary>Tokens of the prompt that the server had in its cache.</summary>
    public int CachedTokens { get; init; }

    /// <summary>Tokens of the answer: the server's count, or else its events with text.</summary>
    public int AnswerTokens { get; init; }

    /// <summary>The time of a token after the first; null for an answer of fewer than two.</summary>
    public TimeSpan? PerToken => FirstToken is { } first && AnswerTokens > 1 ? (Latency - first) / (AnswerTokens - 1) : null;
}
