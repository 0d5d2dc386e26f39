using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;

namespace ArchGen.Runtime.Speculation;

/// <summary>
/// The drafts of one sequence. In each step: <see cref="Propose"/>; compute the tokens that are not computed yet and the draft in one batch, with an output
/// for the last of them and each of the draft; choose tokens from these outputs in turn, as long as the token chosen is the one drafted; take what is wrong
/// from the cache (<see cref="InferenceContext.TruncateSequence"/>); <see cref="Report"/>.
/// </summary>
internal sealed class Speculator(IDraftSource source, SpeculationOptions options) : IDisposable
{
    private readonly int[] _draft = new int[options.MaxDraft];
    private readonly DraftBudget _budget = new();
    private int _drafted;

    /// <summary>Makes the drafts of a sequence; null for none.</summary>
    /// <param name="model">The model.</param>
    /// <param name="context">Its context.</param>
    /// <param name="contextOptions">The options of the context.</param>
    /// <param name="options">The drafts that are wanted.</param>
    /// <param name="obstacle">Why there are none although they were asked for by name; null otherwise.</param>
    /// <exception cref="RequestException">The smaller model does not fit.</exception>
    public static Speculator? Create(
        LoadedModel model, InferenceContext context, ContextOptions contextOptions, SpeculationOptions options, out string? obstacle)
    {
        obstacle = null;
        if (options.Type == SpeculationType.None || (options.Type == SpeculationType.Automatic && !context.IsBatchInvariantByPhase)) return null;
        if (context.HasStates)
        {
            if (options.Type != SpeculationType.Automatic)
                obstacle = $"{model.Architecture.Name} is recurrent and cannot take back drafted tokens, so that none are drafted.";
            return null;
        }

        return new Speculator(options.Type == SpeculationType.Draft ? DraftModel(model, contextOptions, options) : new NGramDraftSource(), options);
    }

    /// <summary>The smaller model of the options with a context of its own, for one sequence after another.</summary>
    /// <param name="model">The model that checks the drafts.</param>
    /// <param name="context">The options of the context.</param>
    /// <param name="options">The drafts that are wanted.</param>
    /// <exception cref="RequestException">The smaller model does not fit.</exception>
    public static ModelDraftSource DraftModel(LoadedModel model, ContextOptions context, SpeculationOptions options)
    {
        return new ModelDraftSource(options.DraftModel!, model, context with
        {
            Backend = options.DraftBackend ?? context.Backend,
            MaxBatch = Math.Min(context.MaxBatch, context.ContextLength),
            MaxSequences = 1,
            Checkpoints = 0,
            Placement = null,
            Adapters = [],
            AdapterSets = [],
        });
    }

    /// <summary>Proposes the tokens that follow; valid until the next call.</summary>
    /// <param name="tokens">All tokens of the sequence.</param>
    /// <param name="limit">Tokens at most.</param>
    public ReadOnlySpan<int> Propose(ReadOnlySpan<int> tokens, int limit)
    {
        _drafted = 0;
        limit = Math.Min(limit, Math.Min(_draft.Length, _budget.MaxTokens));
        if (limit < Math.Max(1, options.MinDraft)) return [];
        var count = source.Draft(tokens, (float)Math.Min(1, _budget.Cost), _draft.AsSpan(0, limit));
        if (count < options.MinDraft) count = 0;
        _drafted = count;
        return _draft.AsSpan(0, count);
    }

    /// <summary>Takes note of how many of the drafted tokens were accepted.</summary>
    /// <param name="accepted">The number of tokens.</param>
    /// <param name="seconds">The time of the step, with its draft; 0 if it is not known, as where other sequences were in it.</param>
    public void Report(int accepted, double seconds)
    {
        source.Report(_drafted, accepted);
        _budget.Report(_drafted, accepted, seconds);
    }

    /// <inheritdoc/>
    public void Dispose() => source.Dispose();
}
