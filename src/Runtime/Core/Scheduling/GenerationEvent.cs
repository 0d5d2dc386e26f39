using ArchGen.Runtime.Generation;

namespace ArchGen.Runtime.Scheduling;

/// <summary>A token of an answer, or its end.</summary>
/// <param name="Answer">The number of the answer, from 0.</param>
/// <param name="Token">The id of the token; -1 if the answer ends without one, because none was requested.</param>
/// <param name="Text">The characters that are complete with it; may be empty. Texts of earlier events do not change.</param>
/// <param name="Reason">Why the answer ended with this token; <see cref="StopReason.None"/> if it goes on.</param>
/// <param name="Usage">The tokens of the answer, if it ended.</param>
public readonly record struct GenerationEvent(int Answer, int Token, string Text, StopReason Reason, GenerationUsage Usage)
{
    /// <summary>
    /// How likely the token and others were; null if it was not requested (<see cref="Sampling.SamplerOptions.ProbabilityCount"/>), or the token was forced.
    /// </summary>
    public TokenProbabilities? Probabilities { get; init; }

    /// <summary>How long the answer took, if it ended.</summary>
    public GenerationTimes Times { get; init; }
}

/// <summary>How long an answer took.</summary>
/// <param name="Waiting">From the request until its prompt was begun.</param>
/// <param name="Prompt">From then until the first token was chosen; others are computed meanwhile, too.</param>
/// <param name="Generation">From the first token to the last.</param>
public readonly record struct GenerationTimes(TimeSpan Waiting, TimeSpan Prompt, TimeSpan Generation);

/// <summary>The tokens of an answer.</summary>
/// <param name="PromptTokens">Tokens of the prompt.</param>
/// <param name="CachedTokens">Tokens of the prompt that were not computed for this answer, because the prefix cache had them.</param>
/// <param name="GeneratedTokens">Tokens generated, an end token included.</param>
public readonly record struct GenerationUsage(int PromptTokens, int CachedTokens, int GeneratedTokens);
