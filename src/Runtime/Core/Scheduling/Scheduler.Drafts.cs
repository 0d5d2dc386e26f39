using System.Diagnostics;

namespace ArchGen.Runtime.Scheduling;

/// <content>Drafts of tokens, computed with the token before them and accepted as far as the sampler chooses them anyway.</content>
internal sealed partial class Scheduler
{
    private bool _isDrafting;
    private double _draftSeconds;

    // Only for an answer that runs alone: beside others a draft would take time from them.
    private void AddDraft(EngineSequence sequence)
    {
        if (sequence.Speculator is not { } speculator || _planned != sequence.Remaining || sequence.Generated == 0) return;
        var limit = Math.Min(sequence.Request.MaxTokens - sequence.Generated - 1, SequenceLength - sequence.Count);
        limit = Math.Min(limit, _options.MaxBatch - _planned);
        limit = Available(Math.Min(limit, _options.Speculation.MaxDraft));
        var start = Stopwatch.GetTimestamp();
        sequence.SetDraft(speculator.Propose(sequence.Tokens, limit));
        _draftSeconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        _isDrafting = true;
        _planned += sequence.Draft.Length;
        _counters.DraftTokens += sequence.Draft.Length;
        if (sequence.Draft.Length > 0) _counters.Drafts++;
    }

    // Chooses the tokens after the last computed one: a drafted token that is chosen has a result to choose the next by.
    private void Continue(EngineSequence sequence, int row)
    {
        var accepted = 0;
        while (TakeNext(sequence, row + accepted) && accepted < sequence.Draft.Length && sequence.Remaining == 1
            && sequence.Tokens[^1] == sequence.Draft[accepted])
        {
            accepted++;
            sequence.Computed++;
        }

        if (!_isDrafting) return;
        if (sequence.Draft.Length > 0 && sequence.Slot >= 0) _context.TruncateSequence(sequence.Slot, sequence.Computed);
        _counters.AcceptedTokens += accepted;
        _counters.ComputedTokens += sequence.Draft.Length;
        sequence.Speculator!.Report(accepted, _batch.Count == 1 + sequence.Draft.Length ? _stepSeconds + _draftSeconds : 0);
        sequence.SetDraft([]);
    }
}
