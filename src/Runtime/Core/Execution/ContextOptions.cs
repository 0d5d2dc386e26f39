using ArchGen.Cpu.Kernels;
using ArchGen.Cpu.Threading;
using ArchGen.Runtime.Adapters;
using ArchGen.Runtime.Cache;

namespace ArchGen.Runtime.Execution;

/// <summary>The size of a context, and how it runs. Its memory is allocated when it is opened, and does not grow.</summary>
public sealed record ContextOptions
{
    /// <summary>The cells of the KV cache: tokens that the context holds, all sequences together; at least 1. Required, since it decides the memory.</summary>
    public required int ContextLength { get; init; }

    /// <summary>
    /// Positions that one sequence may reach. Defaults to <see cref="ContextLength"/>. Long RoPE chooses its factors by it, once for the context:
    /// see <see cref="Graphs.GraphOptions.SequenceLength"/>.
    /// </summary>
    public int SequenceLength { get => _sequenceLength ?? ContextLength; init => _sequenceLength = value; }

    /// <summary>
    /// Tokens of a micro-batch, at least 1; a longer batch is split. Defaults to 512: larger ones need more memory for activations and are hardly faster,
    /// smaller ones read the weights more often.
    /// </summary>
    public int MaxBatch { get; init; } = 512;

    /// <summary>Sequences that the context holds at a time, at least 1; their ids are from 0 to one less. Defaults to 1.</summary>
    public int MaxSequences { get; init; } = 1;

    /// <summary>
    /// The type of the KV cache. Defaults to F16, which loses nothing that can be measured in most models; F32 is exact and takes twice the memory,
    /// Q8_0 takes about half.
    /// </summary>
    public CacheType CacheType { get; init; } = CacheType.F16;

    /// <summary>
    /// Threads that compute, at least 1. Defaults to the physical cores that the process may use: two threads of a core share its vector units.
    /// </summary>
    public int Threads { get; init; } = ProcessorCores.Count;

    /// <summary>The instruction set of matrix products and attention, the fastest unless given; all others use the processor's own vectors.</summary>
    public CpuTier Tier { get => _tier ?? CpuTiers.Fastest; init => _tier = value; }

    /// <summary>How GELU is computed. Defaults to the author's definition; <see cref="GeluPrecision.F16Table"/> gives llama.cpp's numbers.</summary>
    public GeluPrecision Gelu { get; init; }

    /// <summary>LoRA adapters that are added to the products of the model; none by default. They must stay open as long as the context.</summary>
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
