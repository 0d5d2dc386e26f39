using ArchGen.Runtime.Generation;

namespace ArchGen.Runtime.Scheduling;

/// <content>The ends and interruptions of answers.</content>
internal sealed partial class Scheduler
{
    /// <summary>What it does and has done.</summary>
    public EngineMetrics Metrics => new()
    {
        QueuedAnswers = Volatile.Read(ref _queuedAnswers) + Volatile.Read(ref _interrupted),
        RunningAnswers = _running.Count,
        PausedAnswers = _paused,
        Cells = _context.Cells.Capacity,
        UsedCells = _context.Cells.Capacity - _context.Cells.Free - _context.Cells.Kept,
        CachedCells = _context.Cells.Kept,
        FreeCells = _context.Cells.Free,
        Checkpoints = _cache.UsedCheckpoints,
        Requests = Interlocked.Read(ref _counters.Requests),
        RefusedRequests = Interlocked.Read(ref _counters.RefusedRequests),
        FinishedAnswers = _counters.FinishedAnswers,
        CancelledAnswers = _counters.CancelledAnswers,
        FailedAnswers = _counters.FailedAnswers,
        PromptTokens = _counters.PromptTokens,
        CachedTokens = _counters.CachedTokens,
        CacheHits = _counters.CacheHits,
        GeneratedTokens = _counters.GeneratedTokens,
        DraftTokens = _counters.DraftTokens,
        AcceptedTokens = _counters.AcceptedTokens,
        ComputedTokens = _counters.ComputedTokens,
        Steps = _counters.Steps,
        Preemptions = _counters.Preemptions,
        BusyAnswers = _counters.BusyAnswers,
        Drafts = _counters.Drafts,
        QueuedTokens = Volatile.Read(ref _queuedTokens),
    };

    private void Cancel(EngineSequence sequence)
    {
        _counters.CancelledAnswers++;
        End(sequence, new OperationCanceledException("The request was cancelled."));
    }

    private void Fail(EngineSequence sequence, Exception error)
    {
        if (error is OperationCanceledException) _counters.CancelledAnswers++;
        else _counters.FailedAnswers++;
        End(sequence, error);
        // Other answers of the request are of no use.
        sequence.Stream.Cancel();
    }

    // An answer that has been given to its end; its last events may wait for the reader.
    private void Finish(EngineSequence sequence, int token, string text, StopReason reason, TokenProbabilities? probabilities = null)
    {
        _counters.FinishedAnswers++;
        sequence.Emit(token, text, reason, probabilities, AnswerEnded);
        Release(sequence);
        if (sequence.IsPaused) _unread.Add(sequence);
        else Complete(sequence, null);
    }

    private void End(EngineSequence sequence, Exception error)
    {
        if (sequence.Slot >= 0)
        {
            Release(sequence);
        }
        else if (!_unread.Remove(sequence))
        {
            _waiting[(int)sequence.Request.Priority].Remove(sequence);
            if (sequence.IsBegun) _interrupted--;
            else Dequeue(sequence);
        }

        Complete(sequence, error);
    }

    private static void Complete(EngineSequence sequence, Exception? error)
    {
        var stream = sequence.Stream;
        if (--stream.UnfinishedAnswers == 0 || error is not null) stream.Complete(error);
    }

    // It is computed again later, from what the prefix cache still has then.
    private void Preempt(EngineSequence sequence)
    {
        _counters.Preemptions++;
        Requeue(sequence);
    }

    private void Requeue(EngineSequence sequence)
    {
        Release(sequence);
        _interrupted++;
        _waiting[(int)sequence.Request.Priority].Insert(sequence);
    }

    // The computed tokens that the prefix cache takes.
    private ReadOnlySpan<int> Cacheable(EngineSequence sequence) =>
        sequence.Tokens[..(_options.CachesAnswers ? sequence.Computed : Math.Min(sequence.Computed, sequence.Request.Prompt.Length))];

    // Frees the sequence of the context; its tokens stay in the prefix cache.
    private void Release(EngineSequence sequence)
    {
        var set = sequence.Request.AdapterSet;
        var tokens = Cacheable(sequence);
        if (sequence.Request.UsesCache && tokens.Length > 0)
        {
            if (!_context.HasStates) _cache.Publish(set, tokens, sequence.Slot);
            else if (!sequence.Stream.IsCancelled && tokens.Length == sequence.Computed) _cache.AddCheckpoint(set, tokens, sequence.Slot);
        }

        _context.RemoveSequence(sequence.Slot);
        _freeSlots.Push(sequence.Slot);
        _running.Remove(sequence);
        (sequence.Slot, sequence.Computed, sequence.Leader, sequence.IsFollowing) = (-1, 0, null, false);
        foreach (var other in _running)
        {
            if (other.Leader == sequence) other.Leader = null;
        }
    }
}
