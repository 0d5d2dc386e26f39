using ArchGen.Cpu.Kernels;
using ArchGen.Runtime.Adapters;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Sampling;

namespace ArchGen.Runtime.Generation;

/// <summary>How text is generated.</summary>
public sealed record GenerationOptions
{
    /// <summary>Tokens to generate at most; generation ends earlier at an end-of-generation token or when the context is full.</summary>
    public int MaxTokens { get; init; } = 512;

    /// <summary>Tokens that prompt and answer may have together; null for those the model was trained for, at most 4096.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Tokens of the prompt that are computed together.</summary>
    public int MaxBatch { get; init; } = 512;

    /// <summary>How keys and values are kept.</summary>
    public CacheType CacheType { get; init; } = CacheType.F16;

    /// <summary>Threads that compute.</summary>
    public int Threads { get; init; } = ProcessorCores.Count;

    /// <summary>The instruction set; null for the fastest.</summary>
    public CpuTier? Tier { get; init; }

    /// <summary>Adapters that are added to the model; they must stay open.</summary>
    public IReadOnlyList<LoraAdapter> Adapters { get; init; } = [];

    /// <summary>How the next token is chosen; null for what the file recommends (<see cref="SamplerOptions.Of"/>).</summary>
    public SamplerOptions? Sampling { get; init; }
}
