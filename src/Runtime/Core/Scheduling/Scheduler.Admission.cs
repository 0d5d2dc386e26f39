using ArchGen.Runtime.Speculation;

namespace ArchGen.Runtime.Scheduling;

/// <content>Which answers run.</content>
internal sealed partial class Scheduler
{
    // It does not pay to wait for another answer that computes fewer common tokens.
    private const int MinSharedTokens = 8;

    // In the order in which they came: one that needs many cells is not overtaken again and again.
    private void Admit()
    {
        foreach (var list in _waiting)
        {
            for (var i = 0; i < list.Count;)
            {
                if (list[i].IsPaused) i++;
                else if (!TryAdmit(list[i])) return;
            }
        }
    }

    private bool TryAdmit(EngineSequence sequence)
    {
        while (_freeSlots.Count == 0)
        {
            if (!PreemptFor(sequence)) return false;
        }

        var slot = _freeSlots.Pop();
        do
        {
            if (TryAdmit(sequence, slot)) return true;
        }
        while (PreemptFor(sequence));

        _freeSlots.Push(slot);
        return false;
    }

    private bool TryAdmit(EngineSequence sequence, int slot)
    {
        var request = sequence.Request;
        var tokens = sequence.IsBegun ? sequence.Tokens : request.Prompt.Span;
        var reserve = Math.Max(0, Math.Min(Math.Min(_options.ReservedCells, request.MaxTokens - sequence.Generated), SequenceLength - tokens.Length));
        _context.SetAdapters(slot, request.AdapterSet);
        var reusable = tokens[..Math.Min(tokens.Length - 1, sequence.IsBegun ? int.MaxValue : request.MaxCachedTokens ?? int.MaxValue)];
        var cached = request.UsesCache ? _cache.Find(request.AdapterSet, reusable) : 0;
        if (!HasCells(tokens.Length - Math.Max(cached, LeaderOf(sequence, tokens, cached).Shared) + reserve)) return false;
        // The cells of the prefix are no longer free for others once the sequence has them, so they are counted again.
        var computed = request.UsesCache ? _cache.Attach(request.AdapterSet, reusable, slot, 0) : 0;
        var (leader, shared) = LeaderOf(sequence, tokens, computed);
        if (HasCells(tokens.Length - Math.Max(computed, shared) + reserve))
        {
            Start(sequence, slot, computed, leader, shared);
            return true;
        }

        _context.RemoveSequence(slot);
        return false;
    }

    private void Start(EngineSequence sequence, int slot, int computed, EngineSequence? leader, int shared)
    {
        _waiting[(int)sequence.Request.Priority].Remove(sequence);
        (sequence.Slot, sequence.Computed, sequence.Leader, sequence.SharedWithLeader) = (slot, computed, leader, shared);
        sequence.IsFollowing = leader is not null;
        var place = _running.Count;
        while (place > 0 && IsBefore(sequence, _running[place - 1])) place--;
        _running.Insert(place, sequence);
        if (sequence.IsBegun) _interrupted--;
        else Begin(sequence);
    }

    private void Begin(EngineSequence sequence)
    {
        Dequeue(sequence);
        var request = sequence.Request;
        var options = request.Sampling ?? _sampling;
        if (options.Seed is { } seed) options = options with { Seed = seed + (uint)sequence.Answer };
        try
        {
            var chooser = new TokenChooser(options, request.Constraint?.Fork(), _workspace, _tokenizer);
            if (_drafts) sequence.Speculator = new Speculator(_draftModel ?? new NGramDraftSource(), _options.Speculation);
            sequence.Begin(chooser, request.WantsText ? new AnswerText(_tokenizer!, request) : null);
        }
        catch (Exception error)
        {
            // The constraint is another's code.
            sequence.Computed = 0;
            Fail(sequence, error);
            return;
        }

        sequence.Cached = sequence.Computed;
        _counters.PromptTokens += request.Prompt.Length;
        _counters.CachedTokens += sequence.Computed;
        if (sequence.Computed > 0) _counters.CacheHits++;
        sequence.Checkpoints = CheckpointsOf(sequence);
        sequence.ReportProgress();
    }

    // States are saved where another conversation may go on, and before the last token, so that the same prompt has only that one to compute.
    private int[] CheckpointsOf(EngineSequence sequence)
    {
        if (!_context.HasStates || !sequence.Request.UsesCache) return [];
        var positions = new SortedSet<int>(sequence.Request.Boundaries) { sequence.Request.Prompt.Length - 1 };
        if (_options.CheckpointInterval > 0)
        {
            for (long i = _options.CheckpointInterval; i < sequence.Request.Prompt.Length; i += _options.CheckpointInterval) positions.Add((int)i);
        }

        positions.Remove(0);
        return [.. positions];
    }

    // Another answer that is computing the same beginning, and the number of tokens that it will have computed.
    private (EngineSequence? Leader, int Shared) LeaderOf(EngineSequence sequence, ReadOnlySpan<int> tokens, int computed)
    {
        (EngineSequence? Leader, int Shared) best = (null, 0);
        if (!sequence.Request.UsesCache || sequence.Request.MaxCachedTokens is not null) return best;
        foreach (var other in _running)
        {
            if (!other.Request.UsesCache || other.IsPaused || other.Request.AdapterSet != sequence.Request.AdapterSet) continue;
            var common = other.Tokens.CommonPrefixLength(tokens[..^1]);
            if (_context.HasStates) common = other.LastCheckpoint(common);
            if (common > other.Computed && common >= computed + MinSharedTokens && common > best.Shared) best = (other, common);
        }

        return best;
    }

    // Cells that running answers still need for the tokens that they have are not to be given away.
    private bool HasCells(int needed)
    {
        if (!_context.HasKeys) return true;
        long promised = 0;
        foreach (var sequence in _running) promised += sequence.Count - Math.Max(sequence.Computed, sequence.Leader is null ? 0 : sequence.SharedWithLeader);
        return needed + promised <= _context.Cells.Free + _context.Cells.Kept;
    }

    // Interrupts one that does not go on anyway, or one of lower priority.
    private bool PreemptFor(EngineSequence sequence)
    {
        var victim = _running.FindLast(static other => other.IsPaused);
        if (victim is null && sequence.Request.Priority == RequestPriority.Interactive)
            victim = _running.FindLast(static other => other.Request.Priority == RequestPriority.Batch);
        if (victim is null) return false;
        Preempt(victim);
        return true;
    }

    private static bool IsBefore(EngineSequence a, EngineSequence b) => a.Request.Priority != b.Request.Priority
        ? a.Request.Priority < b.Request.Priority
        : a.Order < b.Order;
}
