using System.Diagnostics;
using ArchGen.Runtime.Generation;

namespace ArchGen.Runtime.Scheduling;

/// <content>What a step gives.</content>
internal sealed partial class Scheduler
{
    private const int MinShiftedTokens = 4;

    private double _stepSeconds;

    private bool Evaluate(CancellationToken cancellation)
    {
        _counters.Steps++;
        _counters.BusyAnswers += _scheduled.Count;
        FillBatch();
        try
        {
            var start = Stopwatch.GetTimestamp();
            _context.Evaluate(_batch, cancellation);
            _stepSeconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            return true;
        }
        catch (Exception error)
        {
            // The context has taken the batch back. The states of a recurrent model are lost with it.
            if (_context.HasStates)
            {
                foreach (var (sequence, _, _) in _scheduled) sequence.Computed = 0;
            }

            if (error is OperationCanceledException) throw;
            Isolate(error);
            return false;
        }
    }

    // One request shall not fail because of another: each is tried alone.
    private void Isolate(Exception error)
    {
        if (_scheduled.Count == 1)
        {
            Fail(_scheduled[0].Sequence, error);
            return;
        }

        foreach (var (sequence, _, _) in _scheduled)
        {
            sequence.IsAlone = true;
            if (_context.HasStates) Requeue(sequence);
        }
    }

    private void Collect()
    {
        foreach (var (sequence, tokens, row) in _scheduled)
        {
            sequence.Computed += tokens;
            sequence.IsAlone = false;
            _counters.ComputedTokens += tokens;
            if (sequence.Request.UsesCache) AddToCache(sequence, tokens);
            if (sequence.Computed <= sequence.Request.Prompt.Length) sequence.ReportProgress();
            if (sequence.Remaining == 0) Continue(sequence, row);
        }
    }

    // A prompt is shared with others while it is computed; of an answer the tokens follow at its end.
    private void AddToCache(EngineSequence sequence, int tokens)
    {
        var computed = Cacheable(sequence);
        if (!_context.HasStates)
        {
            if (tokens > 1 || sequence.Generated == 0) _cache.Publish(sequence.Request.AdapterSet, computed, sequence.Slot);
        }
        else if (sequence.LastCheckpoint(sequence.Computed) == sequence.Computed)
        {
            _cache.AddCheckpoint(sequence.Request.AdapterSet, computed, sequence.Slot);
        }
    }

    // Chooses the next token by a result, and takes those that must follow it; false if the answer ends.
    private bool TakeNext(EngineSequence sequence, int row)
    {
        if (sequence.Request.MaxTokens == 0)
        {
            Finish(sequence, -1, "", StopReason.TokenLimit);
            return false;
        }

        try
        {
            var token = sequence.Chooser!.Choose(_context.Output(row)[.._vocabulary]);
            if (token >= 0) return Take(sequence, token, sequence.Chooser.Probabilities) && TakeForced(sequence);
            Finish(sequence, -1, sequence.Text?.Flush() ?? "", StopReason.EndOfGeneration);
        }
        catch (Exception error)
        {
            // The constraint is another's code.
            Fail(sequence, error);
        }

        return false;
    }

    private bool TakeForced(EngineSequence sequence)
    {
        Span<int> forced = stackalloc int[MaxDecodeTokens];
        var count = sequence.Chooser!.Forced(forced);
        for (var i = 0; i < count; i++)
        {
            if (!Take(sequence, forced[i], null)) return false;
        }

        return true;
    }

    // Adds a token to an answer; false if the answer ends with it.
    private bool Take(EngineSequence sequence, int token, TokenProbabilities? probabilities)
    {
        var isEnd = IsEnd(sequence, token);
        sequence.Append(token);
        sequence.Chooser!.Accept(token, isEnd);
        _counters.GeneratedTokens++;
        var reason = isEnd ? StopReason.EndOfGeneration
            : sequence.Generated >= sequence.Request.MaxTokens ? StopReason.TokenLimit
            : sequence.Count > SequenceLength && !CanShift(sequence) ? StopReason.ContextFull
            : StopReason.None;
        var text = "";
        if (sequence.Text is { } answer)
        {
            text = isEnd ? answer.Flush() : answer.Append(token);
            if (!isEnd && reason != StopReason.None) text += answer.Flush();
            if (answer.IsStopped) reason = StopReason.StopText;
        }

        if (reason != StopReason.None) Finish(sequence, token, text, reason, probabilities);
        else sequence.Emit(token, text, reason, probabilities);
        if (reason != StopReason.None || sequence.Count <= SequenceLength) return reason == StopReason.None;
        Shift(sequence);
        return false;
    }

    // Some tokens must be left to go on with.
    private bool CanShift(EngineSequence sequence) =>
        sequence.Request.KeptTokens is { } kept && !_context.HasStates && SequenceLength - Math.Min(kept, SequenceLength) >= MinShiftedTokens;

    // Keys of a token depend on its place: what comes after the gap is computed again.
    private void Shift(EngineSequence sequence)
    {
        Requeue(sequence);
        sequence.LeaveOut(sequence.Request.KeptTokens!.Value);
    }

    private bool IsEnd(EngineSequence sequence, int token)
    {
        if (_tokenizer?.Vocabulary.IsEndOfGeneration(token) ?? false) return true;
        var stops = sequence.Request.StopTokens;
        for (var i = 0; i < stops.Count; i++)
        {
            if (stops[i] == token) return true;
        }

        return false;
    }
}
