using ArchGen.Runtime.Generation;

namespace ArchGen.Runtime.Scheduling;

/// <summary>A token of an answer, its end or, if it is reported, how far its prompt is computed.</summary>
/// <param name="Answer">The number of the answer, from 0.</param>
/// <param name="Token">The id of the token; -1 if the answer ends without one, because none was requested, or the event reports the prompt.</param>
/// <param name="Text">The characters that are complete with it; may be empty. Texts of earlier events do not change.</param>
/// <param name="Reason">Why the answer ended with this token; <see cref="StopReason.None"/> if it goes on.</param>
/// <param name="Usage">The tokens of the answer so far.</param>
public readonly record struct GenerationEvent(int Answer, int Token, string Text, StopReason Reason, GenerationUsage Usage)
{
    /// <summary>
    /// How likely the token and others were; null if it was not requested (<see cref="Sampling.SamplerOptions.ProbabilityCount"/>), or the token was forced.
    /// </summary>
    public TokenProbabilities? Probabilities { get; init; }

    /// <summary>How long the answer took so far.</summary>
    public GenerationTimes Times { get; init; }

    /// <summary>The stop text that ended the answer; null if none did.</summary>
    public string? StopText { get; init; }

    /// <summary>
    /// How many tokens of the prompt are computed or were cached, if the event is no token but reports that
    /// (<see cref="GenerationRequest.ReportsProgress"/>); otherwise null.
    /// </summary>
    public int? ComputedPromptTokens { get; init; }
}

/// <summary>How long an answer took so far.</summary>
/// <param name="Waiting">From the request until its prompt was begun.</param>
/// <param name="Prompt">From then until the first token was chosen; others are computed meanwhile, too.</param>
/// <param name="Generation">From the first token to the last.</param>
public readonly record struct GenerationTimes(TimeSpan Waiting, TimeSpan Prompt, TimeSpan Generation);

/// <summary>The tokens of an answer.</summary>
/// <param name="PromptTokens">Tokens of the prompt.</param>
/// <param name="CachedTokens">Tokens of the prompt that were not computed for this answer, because the prefix cache had them.</param>
/// <param name="GeneratedTokens">Tokens generated, an end token included.</param>
public readonly record struct GenerationUsage(int PromptTokens, int CachedTokens, int GeneratedTokens);
