using ArchGen.Graphs;
using ArchGen.Runtime.Adapters;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Cache;

namespace ArchGen.Runtime.Execution;

/// <summary>The size of a context, and what runs it. Its memory is allocated when it is opened, and does not grow.</summary>
public sealed record ContextOptions
{
    private readonly int? _sequenceLength;

    /// <summary>The backend, such as <c>new CpuBackend()</c>.</summary>
    public required IBackend Backend { get; init; }

    /// <summary>The placement: the backend of a node, by its name for one. Null, for a node or as a whole, means <see cref="Backend"/>.</summary>
    public Func<Node, IBackend?>? Placement { get; init; }

    /// <summary>The cells of the KV cache: tokens that the context holds, all sequences together; at least 1. Required, since it decides the memory.</summary>
    public required int ContextLength { get; init; }

    /// <summary>
    /// Positions that one sequence may reach. Defaults to <see cref="ContextLength"/>. Long RoPE chooses its factors by it, once for the context:
    /// see <see cref="GraphOptions.SequenceLength"/>.
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
    /// The type of the KV cache. Defaults to F16, whose loss cannot be measured in most models; F32 is exact and takes twice the memory,
    /// Q8_0 takes about half.
    /// </summary>
    public CacheType CacheType { get; init; } = CacheType.F16;

    /// <summary>The computation of GELU. Defaults to the author's definition; <see cref="GeluPrecision.F16Table"/> gives llama.cpp's numbers.</summary>
    public GeluPrecision Gelu { get; init; }

    /// <summary>
    /// LoRA adapters that are added to the products of the model, for all sequences that have no other set; none by default. They must stay open as long as
    /// the context.
    /// </summary>
    public IReadOnlyList<LoraAdapter> Adapters { get; init; } = [];

    /// <summary>States of recurrent layers that can be saved beside those of the sequences. Defaults to 0.</summary>
    internal int Checkpoints { get; init; }

    /// <summary>
    /// Further sets of adapters, for <see cref="InferenceContext.SetAdapters"/>: set 0 is <see cref="Adapters"/>, set 1 the first of these; none by default.
    /// Each takes the memory of its matrices and of one micro-batch's activations.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<LoraAdapter>> AdapterSets { get; init; } = [];

    /// <summary>All sets, by number.</summary>
    internal IReadOnlyList<IReadOnlyList<LoraAdapter>> AllAdapterSets => [Adapters, .. AdapterSets];

    internal void Check()
    {
        Positive(ContextLength, nameof(ContextLength));
        Positive(SequenceLength, nameof(SequenceLength));
        Positive(MaxBatch, nameof(MaxBatch));
        Positive(MaxSequences, nameof(MaxSequences));
    }

    private static void Positive(int value, string name)
    {
        if (value < 1) throw new RequestException($"{name} is {value}; expected at least 1.");
    }
}
