using ArchGen.Cpu.Kernels;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;

namespace ArchGen.Tools.Measurement;

/// <summary>How a text is run through a model to measure it.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Tokens that are computed together; chunks shorter than that go several at a time.</summary>
    public int BatchSize { get; init; } = 512;

    /// <summary>How keys and values are kept. In f32 only the weights' rounding is measured.</summary>
    public CacheType CacheType { get; init; } = CacheType.F32;

    /// <summary>The instruction set; unless given, one on which weights and activations count as they are.</summary>
    public CpuTier Tier { get; init; } = CpuTiers.Exact;

    /// <summary>Threads that compute.</summary>
    public int Threads { get; init; } = ProcessorCores.Count;
}
