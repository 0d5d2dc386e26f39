using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Generation;

namespace ArchGen.Runtime.Speculation;

/// <summary>Where drafts come from.</summary>
public enum SpeculationType
{
    /// <summary>From the sequence itself, if the results of generated tokens do not depend on how many are computed together; otherwise none.</summary>
    Automatic,

    /// <summary>No drafts.</summary>
    None,

    /// <summary>From the sequence itself: <see cref="NGramDraftSource"/>.</summary>
    NGram,

    /// <summary>From a smaller model: <see cref="ModelDraftSource"/>.</summary>
    Draft,
}

/// <summary>
/// Drafts of the next tokens, which the model checks together. The tokens are those without drafts, exactly where the backend computes each row of
/// a phase alike in any batch, as the CPU does (<see cref="SpeculationType.Automatic"/> drafts only there), and elsewhere up to the rounding of the logits.
/// </summary>
public sealed record SpeculationOptions
{
    /// <summary>Where drafts come from. Defaults to <see cref="SpeculationType.Automatic"/>.</summary>
    public SpeculationType Type { get; init; }

    /// <summary>Tokens of a draft at most, at least 1. Defaults to 32.</summary>
    public int MaxDraft { get; init; } = 32;

    /// <summary>Tokens of a draft at least, at least 0: a shorter one is left out. Defaults to 0.</summary>
    public int MinDraft { get; init; }

    /// <summary>The smaller model of <see cref="SpeculationType.Draft"/>, which must stay open; null otherwise.</summary>
    public LoadedModel? DraftModel { get; init; }

    /// <summary>The backend of the smaller model. Defaults (null) to the one of the model.</summary>
    public IBackend? DraftBackend { get; init; }

    /// <exception cref="RequestException">A value is out of its range.</exception>
    internal void Check()
    {
        if (MaxDraft < 1) throw new RequestException($"The largest draft is {MaxDraft} tokens; expected at least 1. Drafts are switched off by their type.");
        if (MinDraft < 0 || MinDraft > MaxDraft)
            throw new RequestException($"The smallest draft is {MinDraft} tokens; expected 0 to {MaxDraft}, the largest.");
        if (Type == SpeculationType.Draft && DraftModel is null)
            throw new RequestException("Drafts of a smaller model need that model. Name it, or choose n-grams.");
    }
}
