namespace ArchGen.Runtime.Scheduling;

/// <summary>What an engine does and has done, at one time. Counts are since it was created.</summary>
public sealed record EngineMetrics
{
    /// <summary>Answers that wait, those included that were interrupted.</summary>
    public int QueuedAnswers { get; init; }

    /// <summary>Answers that are being computed.</summary>
    public int RunningAnswers { get; init; }

    /// <summary>Answers that have not gone on since their reader has not read.</summary>
    public int PausedAnswers { get; init; }

    /// <summary>Cells of the KV cache.</summary>
    public int Cells { get; init; }

    /// <summary>Cells that running answers have.</summary>
    public int UsedCells { get; init; }

    /// <summary>Cells that only the prefix cache has: they are freed when they are needed.</summary>
    public int CachedCells { get; init; }

    /// <summary>Cells that are free.</summary>
    public int FreeCells { get; init; }

    /// <summary>Saved states of recurrent layers.</summary>
    public int Checkpoints { get; init; }

    /// <summary>Bytes of the KV cache, of states and of checkpoints.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Bytes that they may take at most.</summary>
    public long MemoryLimitBytes { get; init; }

    /// <summary>Requests that were accepted.</summary>
    public long Requests { get; init; }

    /// <summary>Requests that were refused because too many answers waited.</summary>
    public long RefusedRequests { get; init; }

    /// <summary>Answers that ended.</summary>
    public long FinishedAnswers { get; init; }

    /// <summary>Answers that were cancelled.</summary>
    public long CancelledAnswers { get; init; }

    /// <summary>Answers that ended with an error.</summary>
    public long FailedAnswers { get; init; }

    /// <summary>Tokens of the prompts of answers that were begun.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Those of them that the prefix cache had.</summary>
    public long CachedTokens { get; init; }

    /// <summary>Answers of whose prompt the prefix cache had a part.</summary>
    public long CacheHits { get; init; }

    /// <summary>Tokens that were generated.</summary>
    public long GeneratedTokens { get; init; }

    /// <summary>Tokens that were drafted.</summary>
    public long DraftTokens { get; init; }

    /// <summary>Draft tokens that were accepted.</summary>
    public long AcceptedTokens { get; init; }

    /// <summary>Tokens that were computed: of prompts, generated, drafted and not accepted, and again after an interruption.</summary>
    public long ComputedTokens { get; init; }

    /// <summary>Steps, each of which computes one batch.</summary>
    public long Steps { get; init; }

    /// <summary>Answers that a step computed, summed over the steps.</summary>
    public long BusyAnswers { get; init; }

    /// <summary>Steps that computed drafts.</summary>
    public long Drafts { get; init; }

    /// <summary>Tokens of the prompts of answers that wait to be begun.</summary>
    public long QueuedTokens { get; init; }

    /// <summary>Answers that were interrupted because cells were needed; they are computed again from what the prefix cache still has.</summary>
    public long Preemptions { get; init; }
}
