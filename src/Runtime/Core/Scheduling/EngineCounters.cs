namespace ArchGen.Runtime.Scheduling;

/// <summary>Counts of an engine. Written by its thread alone, but for the requests.</summary>
internal sealed class EngineCounters
{
    public long Requests;
    public long RefusedRequests;
    public long FinishedAnswers;
    public long CancelledAnswers;
    public long FailedAnswers;
    public long PromptTokens;
    public long CachedTokens;
    public long CacheHits;
    public long GeneratedTokens;
    public long DraftTokens;
    public long AcceptedTokens;
    public long ComputedTokens;
    public long Steps;
    public long Preemptions;
    public long BusyAnswers;
    public long Drafts;
}
