using ArchGen.Runtime.Adapters;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Sampling;
using ArchGen.Runtime.Speculation;

namespace ArchGen.Runtime.Generation;

/// <summary>The limits of a generation, and how its context runs.</summary>
public sealed record GenerationOptions
{
    /// <summary>Tokens to generate at most. Defaults to 512. Generation ends earlier at an end-of-generation token or when the context is full.</summary>
    public int MaxTokens { get; init; } = 512;

    /// <summary>
    /// The maximum of tokens of prompt and answer together. Defaults (null) to the context length that the model was trained for, but at most 4096, since the
    /// cache is allocated as a whole.
    /// </summary>
    public int? ContextLength { get; init; }

    /// <summary>Tokens of the prompt in a micro-batch; see <see cref="ContextOptions.MaxBatch"/>. Defaults to 512.</summary>
    public int MaxBatch { get; init; } = 512;

    /// <summary>The type of the KV cache; see <see cref="ContextOptions.CacheType"/>. Defaults to F16.</summary>
    public CacheType CacheType { get; init; } = CacheType.F16;

    /// <summary>LoRA adapters that are added to the model; none by default. They must stay open as long as the generator.</summary>
    public IReadOnlyList<LoraAdapter> Adapters { get; init; } = [];

    /// <summary>The sampler of the next token; null for what the file recommends (<see cref="SamplerOptions.Of"/>).</summary>
    public SamplerOptions? Sampling { get; init; }

    /// <summary>Texts at which generation ends. None by default.</summary>
    public IReadOnlyList<string> StopTexts { get; init; } = [];

    /// <summary>Whether the stop text that was found is part of the text. By default it is not.</summary>
    public bool KeepsStopText { get; init; }

    /// <summary>The drafts of tokens; by default of n-grams, where they do not change results.</summary>
    public SpeculationOptions Speculation { get; init; } = new();
}
