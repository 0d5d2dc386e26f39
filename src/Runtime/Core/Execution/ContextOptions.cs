using ArchGen.Cpu.Kernels;
using ArchGen.Cpu.Threading;
using ArchGen.Runtime.Adapters;
using ArchGen.Runtime.Cache;

namespace ArchGen.Runtime.Execution;

/// <summary>How much a context holds, and how it runs.</summary>
public sealed record ContextOptions
{
    /// <summary>Tokens that the context holds, all sequences together.</summary>
    public required int ContextLength { get; init; }

    /// <summary>
    /// Positions that one sequence may reach. Defaults to <see cref="ContextLength"/>. Long RoPE chooses its factors by it, once for the context:
    /// see <see cref="Graphs.GraphOptions.SequenceLength"/>.
    /// </summary>
    public int SequenceLength { get => _sequenceLength ?? ContextLength; init => _sequenceLength = value; }

    /// <summary>Tokens that are computed together at most; longer prompts go in parts.</summary>
    public int MaxBatch { get; init; } = 512;

    /// <summary>Sequences at a time; they are numbered from 0.</summary>
    public int MaxSequences { get; init; } = 1;

    /// <summary>How keys and values are kept.</summary>
    public CacheType CacheType { get; init; } = CacheType.F16;

    /// <summary>Threads that compute.</summary>
    public int Threads { get; init; } = ProcessorCores.Count;

    /// <summary>The instruction set of matrix products and attention, the fastest unless given; all others use the processor's own vectors.</summary>
    public CpuTier Tier { get => _tier ?? CpuTiers.Fastest; init => _tier = value; }

    /// <summary>How GELU is computed.</summary>
    public GeluPrecision Gelu { get; init; }

    /// <summary>Adapters that are added to the products of the model; they must stay open.</summary>
    public IReadOnlyList<LoraAdapter> Adapters { get; init; } = [];

    private readonly CpuTier? _tier;
    private readonly int? _sequenceLength;

    internal void Check()
    {
        Positive(ContextLength, nameof(ContextLength));
        Positive(SequenceLength, nameof(SequenceLength));
        Positive(MaxBatch, nameof(MaxBatch));
        Positive(MaxSequences, nameof(MaxSequences));
        Positive(Threads, nameof(Threads));
        if (Threads > WorkerPool.MostThreads) throw new ArchGenException($"{nameof(Threads)} is {Threads}; expected at most {WorkerPool.MostThreads}.");
    }

    private static void Positive(int value, string name)
    {
        if (value < 1) throw new ArchGenException($"{name} is {value}; expected at least 1.");
    }
}
