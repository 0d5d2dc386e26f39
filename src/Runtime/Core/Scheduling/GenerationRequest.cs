using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Sampling;

namespace ArchGen.Runtime.Scheduling;

/// <summary>The order in which requests are served.</summary>
public enum RequestPriority
{
    /// <summary>Someone waits for the answer. Goes before all of <see cref="Batch"/>, and takes cells from them if there are too few.</summary>
    Interactive,

    /// <summary>Nobody waits: it is computed with what interactive requests leave.</summary>
    Batch,
}

/// <summary>A prompt to continue, and how. It is not changed by the engine.</summary>
public sealed record GenerationRequest
{
    /// <summary>The tokens of the prompt, at least one. They must not be changed afterwards.</summary>
    public required ReadOnlyMemory<int> Prompt { get; init; }

    /// <summary>Tokens to generate at most, for each answer; at least 0. Defaults to 512. 0 computes the prompt, so that it is in the prefix cache.</summary>
    public int MaxTokens { get; init; } = 512;

    /// <summary>The number of answers, at least 1. Defaults to 1. They share the prompt; a given seed is raised by 1 for each further answer.</summary>
    public int Answers { get; init; } = 1;

    /// <summary>The sampler; null for what the engine uses by default (<see cref="EngineOptions.Sampling"/>).</summary>
    public SamplerOptions? Sampling { get; init; }

    /// <summary>
    /// Which tokens may come next; null for all. Each answer has a fork of it, in the state that it has when the request is submitted. Forks are used by one
    /// thread at a time, not always the same.
    /// </summary>
    public ITokenConstraint? Constraint { get; init; }

    /// <summary>Texts that end an answer; none is empty. The answer ends before the first one. Defaults to none.</summary>
    public IReadOnlyList<string> StopTexts { get; init; } = [];

    /// <summary>Whether the stop text is part of the answer. Defaults to false.</summary>
    public bool KeepsStopText { get; init; }

    /// <summary>Tokens that end an answer, besides the model's own end-of-generation tokens. Defaults to none.</summary>
    public IReadOnlyList<int> StopTokens { get; init; } = [];

    /// <summary>The priority. Defaults to <see cref="RequestPriority.Interactive"/>.</summary>
    public RequestPriority Priority { get; init; }

    /// <summary>
    /// Positions in the prompt after which another conversation may go on otherwise: ends of messages, ascending. The states of a recurrent model are saved
    /// there. Other models need none: they can go on after any token. Defaults to none.
    /// </summary>
    public IReadOnlyList<int> Boundaries { get; init; } = [];

    /// <summary>
    /// The number of the set of adapters: 0 for <see cref="EngineOptions.Adapters"/>, 1 for the first of <see cref="EngineOptions.AdapterSets"/>. Defaults
    /// to 0.
    /// </summary>
    public int AdapterSet { get; init; }

    /// <summary>Whether tokens are taken from the prefix cache and added to it. Defaults to true.</summary>
    public bool UsesCache { get; init; } = true;

    /// <summary>
    /// Tokens of the prompt that are taken from the prefix cache at most, so that an answer goes on only after what its own conversation has there. Defaults
    /// (null) to all that the cache has.
    /// </summary>
    public int? MaxCachedTokens { get; init; }

    /// <summary>
    /// Tokens from the beginning that stay when the context is full, at least 0: then half of the tokens after them are left out, what is left is computed
    /// again, and the answer goes on. Defaults (null) to an end of the answer. Recurrent models always end it.
    /// </summary>
    public int? KeptTokens { get; init; }

    /// <summary>
    /// Whether there are events that tell how far the prompt is computed: one when it is begun, and one after each step of it. Defaults to false.
    /// </summary>
    public bool ReportsProgress { get; init; }

    /// <summary>Whether events have text. Defaults to true. Without it <see cref="StopTexts"/> must be empty.</summary>
    public bool WantsText { get; init; } = true;

    /// <exception cref="RequestException">A value is out of its range.</exception>
    internal void Check(int vocabulary, int adapterSets)
    {
        if (Prompt.IsEmpty) throw new RequestException("The prompt is empty; expected at least one token. Give a text to continue.");
        foreach (var token in Prompt.Span)
        {
            if ((uint)token >= (uint)vocabulary)
                throw new RequestException($"Token id {token} of the prompt is not in the vocabulary; expected 0 to {vocabulary - 1}.");
        }

        if (MaxCachedTokens < 0) throw new RequestException($"The number of tokens to take from the cache is {MaxCachedTokens}; expected 0 or more.");
        if (KeptTokens < 0) throw new RequestException($"The number of tokens to keep is {KeptTokens}; expected 0 or more.");
        if (MaxTokens < 0) throw new RequestException($"The number of tokens to generate is {MaxTokens}; expected 0 or more.");
        if ((uint)AdapterSet >= (uint)adapterSets)
            throw new RequestException($"There is no set of adapters {AdapterSet}; expected 0 to {adapterSets - 1}. Name it in AdapterSets of the engine.");
        if (Answers < 1) throw new RequestException($"The number of answers is {Answers}; expected at least 1.");
        _ = new StopMatcher(StopTexts);
        if (StopTexts.Count > 0 && !WantsText)
            throw new RequestException("Stop texts need the text of the answer. Leave WantsText true, or give no stop texts.");
        for (var i = 0; i < Boundaries.Count; i++)
        {
            if (Boundaries[i] > (i == 0 ? 0 : Boundaries[i - 1]) && Boundaries[i] <= Prompt.Length) continue;
            throw new RequestException($"Boundary {i} is {Boundaries[i]}; expected ascending positions from 1 to {Prompt.Length}, the length of the prompt.");
        }
    }
}
