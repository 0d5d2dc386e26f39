using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;

namespace ArchGen.Runtime.Scheduling;

/// <content>What a step computes.</content>
internal sealed partial class Scheduler
{
    // A few tokens, such as those that a grammar forces or those of a short message, are as good as one.
    private const int MaxDecodeTokens = 16;

    private readonly Batch _batch = new();
    private readonly List<(EngineSequence Sequence, int Tokens, int LastRow)> _scheduled = [];
    private readonly List<EngineSequence> _candidates = [];
    private readonly List<EngineSequence> _prompts = [];
    private int _planned;

    private void Schedule()
    {
        do
        {
            ResolveLeaders();
            Plan();
        }
        while (_scheduled.Count == 0 && MakeRoom());
    }

    private void Plan()
    {
        _scheduled.Clear();
        _planned = 0;
        _isDrafting = false;
        _candidates.Clear();
        foreach (var sequence in _running)
        {
            if (!IsRunnable(sequence)) continue;
            if (sequence.IsAlone)
            {
                Add(sequence, Available(Math.Min(NextTokens(sequence), _options.MaxBatch)));
                return;
            }

            _candidates.Add(sequence);
        }

        AddDecodes();
        var budget = _options.MaxBatch - _planned;
        if (_planned > 0) budget = Math.Min(budget, _options.MaxPromptTokensBesideDecode);
        budget = AddPrompts(RequestPriority.Interactive, budget);
        AddPrompts(RequestPriority.Batch, budget);
    }

    // Answers that are being generated go first, the oldest before others, unless there are more than a batch takes.
    private void AddDecodes()
    {
        var first = _candidates.Count > _options.MaxBatch ? (int)(_counters.Steps % _candidates.Count) : 0;
        for (var i = 0; i < _candidates.Count; i++)
        {
            var sequence = _candidates[(first + i) % _candidates.Count];
            if (sequence.Remaining > MaxDecodeTokens || sequence.Slot < 0) continue;
            var tokens = Math.Min(NextTokens(sequence), _options.MaxBatch - _planned);
            while (tokens > 0 && !HasFreeCells(tokens) && PreemptAfter(sequence)) tokens = sequence.Slot < 0 ? 0 : tokens;
            if (Add(sequence, Available(tokens)) > 0 && _running.Count == 1) AddDraft(sequence);
        }
    }

    // Prompts share what is left: each gets the same, and what short ones do not need goes to the others.
    private int AddPrompts(RequestPriority priority, int budget)
    {
        _prompts.Clear();
        foreach (var sequence in _candidates)
        {
            if (sequence.Request.Priority != priority || sequence.Remaining <= MaxDecodeTokens || sequence.Slot < 0) continue;
            var place = _prompts.Count;
            while (place > 0 && _prompts[place - 1].Remaining > sequence.Remaining) place--;
            _prompts.Insert(place, sequence);
        }

        for (var i = 0; i < _prompts.Count && budget > 0; i++)
        {
            var share = Math.Max(1, budget / (_prompts.Count - i));
            budget -= Add(_prompts[i], Available(Math.Min(NextTokens(_prompts[i]), share)));
        }

        return budget;
    }

    private int Add(EngineSequence sequence, int tokens)
    {
        if (tokens <= 0) return 0;
        sequence.SetDraft([]);
        _scheduled.Add((sequence, tokens, 0));
        _planned += tokens;
        return tokens;
    }

    // A micro-batch has tokens of one phase and one set of adapters, so these are adjacent in the batch.
    private void FillBatch()
    {
        _batch.Clear();
        for (var set = 0; set < _context.AdapterSets; set++)
        {
            AddToBatch(set, TokenPhase.Decode);
            AddToBatch(set, TokenPhase.Prefill);
        }
    }

    private void AddToBatch(int set, TokenPhase phase)
    {
        _batch.Phase = phase;
        for (var i = 0; i < _scheduled.Count; i++)
        {
            var (sequence, tokens, _) = _scheduled[i];
            if (sequence.Request.AdapterSet != set || PhaseOf(sequence) != phase) continue;
            var all = sequence.Tokens;
            var end = sequence.Computed + tokens;
            for (var place = sequence.Computed; place < end; place++)
                _batch.Add(all[place], place, sequence.Slot, wantOutput: place == all.Length - 1 && sequence.Request.MaxTokens > 0);
            _scheduled[i] = (sequence, tokens, _batch.Count - 1);
            if (end == all.Length) sequence.Chooser!.Prepare();
            foreach (var token in sequence.Draft) _batch.Add(token, end++, sequence.Slot, wantOutput: true);
        }
    }

    // By its place, not by the number of tokens, so that a token has the same result whenever and beside whatever it is computed.
    private static TokenPhase PhaseOf(EngineSequence sequence) =>
        sequence.Computed < sequence.Request.Prompt.Length ? TokenPhase.Prefill : TokenPhase.Decode;

    // States can only be saved between two batches, and a prompt's tokens are of another phase than its answer's.
    private static int NextTokens(EngineSequence sequence)
    {
        var (computed, prompt) = (sequence.Computed, sequence.Request.Prompt.Length);
        var end = computed < prompt ? prompt : sequence.Count;
        return Math.Min(Math.Min(sequence.Count, end), sequence.NextCheckpoint(computed)) - computed;
    }

    private bool HasFreeCells(int tokens) => !_context.HasKeys || _cache.Evict(_planned + tokens);

    private int Available(int tokens) => HasFreeCells(tokens) ? tokens : Math.Min(tokens, _context.Cells.Free - _planned);

    // Interrupts one that does not go on anyway, or the last one after a sequence, or the sequence itself.
    private bool PreemptAfter(EngineSequence sequence)
    {
        if (_running.Count == 1) return false;
        var victim = _running.FindLast(static other => other.IsPaused) ?? _running[^1];
        var isPossible = victim.IsPaused || (IsBefore(sequence, victim) && !_scheduled.Exists(scheduled => scheduled.Sequence == victim));
        Preempt(isPossible ? victim : sequence);
        return true;
    }

    // Nothing could be scheduled since all cells are in use.
    private bool MakeRoom()
    {
        if (!_running.Exists(IsRunnable)) return false;
        if (_running.Count == 1) Finish(_running[0], -1, _running[0].Text?.Flush() ?? "", StopReason.ContextFull);
        else Preempt(_running.FindLast(static other => other.IsPaused) ?? _running[^1]);
        return true;
    }

    private static bool IsRunnable(EngineSequence sequence) => !sequence.IsPaused && sequence.Leader is null;

    // A sequence takes over what its leader has computed, or goes on without it.
    private void ResolveLeaders()
    {
        foreach (var sequence in _running)
        {
            if (!sequence.IsFollowing) continue;
            if (sequence.Leader is { IsPaused: false } leader && leader.Computed < sequence.SharedWithLeader) continue;
            (sequence.Leader, sequence.IsFollowing) = (null, false);
            var before = sequence.Computed;
            sequence.Computed = _cache.Attach(sequence.Request.AdapterSet, sequence.Tokens[..^1], sequence.Slot, before);
            if (sequence.Generated > 0 || sequence.Computed == before) continue;
            if (sequence.Cached == 0) _counters.CacheHits++;
            sequence.Cached += sequence.Computed - before;
            _counters.CachedTokens += sequence.Computed - before;
        }
    }
}
