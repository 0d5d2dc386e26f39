namespace ArchGen.Runtime.Speculation;

/// <summary>
/// The drafts of one sequence. In each step: <see cref="Propose"/>; compute the tokens that are not computed yet and the draft in one batch, with an output
/// for the last of them and each of the draft; choose tokens from these outputs in turn, as long as the token chosen is the one drafted; take what is wrong
/// from the cache (<see cref="Execution.InferenceContext.TruncateSequence"/>); <see cref="Report"/>.
/// </summary>
internal sealed class Speculator(IDraftSource source, SpeculationOptions options) : IDisposable
{
    private readonly int[] _draft = new int[options.MaxDraft];
    private readonly DraftBudget _budget = new();
    private int _proposed;

    /// <summary>Proposes the tokens that follow; valid until the next call.</summary>
    /// <param name="tokens">All tokens of the sequence.</param>
    /// <param name="limit">Tokens at most.</param>
    public ReadOnlySpan<int> Propose(ReadOnlySpan<int> tokens, int limit)
    {
        _proposed = 0;
        limit = Math.Min(limit, Math.Min(_draft.Length, _budget.MaxTokens));
        if (limit < Math.Max(1, options.MinDraft)) return [];
        var count = source.Draft(tokens, (float)Math.Min(1, _budget.Cost), _draft.AsSpan(0, limit));
        if (count < options.MinDraft) count = 0;
        _proposed = count;
        return _draft.AsSpan(0, count);
    }

    /// <summary>Takes note of how many of the proposed tokens were kept.</summary>
    /// <param name="kept">The number of tokens.</param>
    /// <param name="seconds">The time of the step, with its draft; 0 if it is not known, as where other sequences were in it.</param>
    public void Report(int kept, double seconds)
    {
        source.Report(_proposed, kept);
        _budget.Report(_proposed, kept, seconds);
    }

    /// <inheritdoc/>
    public void Dispose() => source.Dispose();
}
