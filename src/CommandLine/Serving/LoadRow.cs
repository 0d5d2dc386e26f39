namespace ArchGen.CommandLine.Serving;

/// <summary>The requests of one concurrency, and their figures.</summary>
/// <param name="Concurrency">Requests that were open at the same time at most.</param>
/// <param name="Planned">Requests that were to be sent.</param>
/// <param name="Results">Those that ended.</param>
/// <param name="Clock">The clock that measured them.</param>
internal sealed record LoadRow(int Concurrency, int Planned, IReadOnlyList<LoadResult> Results, TimeProvider Clock)
{
    private readonly List<LoadResult> _complete = [.. Results.Where(result => result.Error is null)];

    /// <summary>Requests that were answered.</summary>
    public int Completed => _complete.Count;

    /// <summary>Requests that failed.</summary>
    public int Failed => Results.Count - _complete.Count;

    /// <summary>Whether all requests ended, that is, nobody interrupted them.</summary>
    public bool IsWhole => Results.Count == Planned;

    /// <summary>Seconds from the first request to the end of the last.</summary>
    public double Seconds => Results.Count == 0 ? 0
        : Clock.GetElapsedTime(Results.Min(result => result.Start), Results.Max(result => result.End)).TotalSeconds;

    /// <summary>Tokens of all prompts that were answered.</summary>
    public long PromptTokens => _complete.Sum(result => (long)(result.PromptTokens ?? 0));

    /// <summary>Tokens of these prompts that the server had in its cache.</summary>
    public long CachedTokens => _complete.Sum(result => (long)result.CachedTokens);

    /// <summary>Tokens of all answers.</summary>
    public long AnswerTokens => _complete.Sum(result => (long)result.AnswerTokens);

    /// <summary>The share of the prompts' tokens that the server had in its cache.</summary>
    public double CachedShare => PromptTokens == 0 ? 0 : (double)CachedTokens / PromptTokens;

    /// <summary>Whether the server stated how many tokens there were.</summary>
    public bool HasUsage => _complete.TrueForAll(result => result.PromptTokens is not null);

    /// <summary>Milliseconds from sending a request to its first text.</summary>
    public DistributionSummary FirstToken =>
        DistributionSummary.Of(_complete.Where(result => result.FirstToken is not null).Select(result => result.FirstToken!.Value));

    /// <summary>Milliseconds of a token after the first, of each request.</summary>
    public DistributionSummary PerToken =>
        DistributionSummary.Of(_complete.Where(result => result.PerToken is not null).Select(result => result.PerToken!.Value));

    /// <summary>Milliseconds between two events with text, of all requests.</summary>
    public DistributionSummary Gaps => DistributionSummary.Of(_complete.SelectMany(result => result.Gaps));

    /// <summary>Milliseconds of a request.</summary>
    public DistributionSummary Latency => DistributionSummary.Of(_complete.Select(result => result.Latency));

    /// <summary>Why requests failed, the most frequent reason first.</summary>
    public IEnumerable<(string Error, int Count)> Errors => Results.Where(result => result.Error is not null).GroupBy(result => result.Error!)
        .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).Select(group => (group.Key, group.Count()));

    /// <summary>A number by the seconds of the row; 0 if there are none.</summary>
    public double Rate(double number) => Seconds > 0 ? number / Seconds : 0;
}
