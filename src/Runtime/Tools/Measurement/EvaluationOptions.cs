using ArchGen.Cpu.Kernels;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;

namespace ArchGen.Tools.Measurement;

/// <summary>The context in which a model is measured on a text.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Tokens of a micro-batch; shorter chunks are evaluated several at a time. Defaults to 512.</summary>
    public int BatchSize { get; init; } = 512;

    /// <summary>The type of the KV cache. Defaults to F32, so that only the rounding of the weights is measured.</summary>
    public CacheType CacheType { get; init; } = CacheType.F32;

    /// <summary>The instruction set; unless given, one on which weights and activations count as they are.</summary>
    public CpuTier Tier { get; init; } = CpuTiers.Exact;

    /// <summary>Threads that compute, at least 1. Defaults to the physical cores that the process may use.</summary>
    public int Threads { get; init; } = ProcessorCores.Count;
}
