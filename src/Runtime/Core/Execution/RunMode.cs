using ArchGen.Cpu.Kernels;
using ArchGen.Graphs;
using ArchGen.Runtime.Cache;

namespace ArchGen.Runtime.Execution;

/// <summary>How a prompt is run through a model from its beginning.</summary>
public sealed record RunMode
{
    /// <summary>Tokens that are computed together; a model whose tokens see later ones takes all at once.</summary>
    public int BatchSize { get; init; } = int.MaxValue;

    /// <summary>How keys and values are kept.</summary>
    public CacheType CacheType { get; init; } = CacheType.F32;

    /// <summary>The instruction set; unless given, one on which weights and activations count as they are.</summary>
    public CpuTier Tier { get; init; } = CpuTiers.Exact;

    /// <summary>Threads that compute.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>How GELU is computed.</summary>
    public GeluPrecision Gelu { get; init; }

    /// <summary>Ends the run between two steps.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Operations that lose, before each batch, what they remember of the sequence: a mistake to be found, not a way to run.</summary>
    public IReadOnlyList<Node> Forgetful { get; init; } = [];
}
