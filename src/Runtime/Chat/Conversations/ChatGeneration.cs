using ArchGen.Chat.Constraints;
using ArchGen.Runtime.Sampling;
using ArchGen.Runtime.Scheduling;

namespace ArchGen.Chat.Conversations;

/// <summary>How an answer is generated.</summary>
public sealed record ChatGeneration
{
    /// <summary>Tokens to generate at most, for each answer; null, the default, for as many as the context holds.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Tokens of thinking at most; then it is ended. Null, the default, for no limit.</summary>
    public int? ThinkingBudget { get; init; }

    /// <summary>Can end the thinking of a prompt that begins with it, while it is generated; null, the default, for nothing.</summary>
    public ThinkingControl? ThinkingControl { get; init; }

    /// <summary>The number of answers, at least 1. Defaults to 1. They share the prompt.</summary>
    public int Answers { get; init; } = 1;

    /// <summary>The sampler; null for what the model's file recommends.</summary>
    public SamplerOptions? Sampling { get; init; }

    /// <summary>Texts that end an answer; they are no part of it. Only the answer's text is searched. Defaults to none.</summary>
    public IReadOnlyList<string> StopTexts { get; init; } = [];

    /// <summary>The priority. Defaults to <see cref="RequestPriority.Interactive"/>.</summary>
    public RequestPriority Priority { get; init; }

    /// <summary>Whether each token is reported, too: see <see cref="ChatUpdate.Token"/>. Defaults to false.</summary>
    public bool ReportsTokens { get; init; }

    /// <summary>
    /// Whether events that tell how far the prompt is computed are reported as tokens are (<see cref="GenerationEvent.ComputedPromptTokens"/>). Defaults to
    /// false.
    /// </summary>
    public bool ReportsProgress { get; init; }

    /// <summary>
    /// Whether a call of a tool is reported while it is written (<see cref="Answers.AnswerToolCallBegin"/>, <see cref="Answers.AnswerToolCallArguments"/>),
    /// before it is reported as a whole. Defaults to false.
    /// </summary>
    public bool ReportsCallParts { get; init; }

    /// <summary>The set of adapters; see <see cref="GenerationRequest.AdapterSet"/>. Defaults to 0.</summary>
    public int AdapterSet { get; init; }

    /// <summary>Whether tokens are taken from the prefix cache and added to it. Defaults to true.</summary>
    public bool UsesCache { get; init; } = true;

    /// <summary>A further constraint on tokens, such as a grammar, in place of tools and schema; null for none.</summary>
    public ITokenConstraint? Constraint { get; init; }
}
