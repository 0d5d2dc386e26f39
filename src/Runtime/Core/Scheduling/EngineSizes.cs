using System.Globalization;
using ArchGen.Graphs;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;

namespace ArchGen.Runtime.Scheduling;

/// <summary>The sizes of an engine's context, chosen so that its memory is within the limit.</summary>
/// <param name="Cells">Cells of the KV cache.</param>
/// <param name="SequenceLength">Tokens of one sequence at most.</param>
/// <param name="Checkpoints">States that can be saved.</param>
/// <param name="Bytes">Bytes of cells, states and saved states.</param>
/// <param name="LimitBytes">The limit.</param>
internal sealed record EngineSizes(int Cells, int SequenceLength, int Checkpoints, long Bytes, long LimitBytes)
{
    private const int UsualSequenceLength = 4096;
    private const int UsualSequences = 4;

    /// <summary>Chooses the sizes.</summary>
    /// <param name="graph">The graph of the model.</param>
    /// <param name="trainedLength">The context length that the model was trained for, or null.</param>
    /// <param name="options">The options.</param>
    /// <param name="sequences">The number of sequences of the context.</param>
    /// <param name="limit">Bytes that may be used, where the options have none.</param>
    /// <exception cref="DeviceException">What is requested does not fit into the limit.</exception>
    public static EngineSizes Choose(Graph graph, int? trainedLength, EngineOptions options, int sequences, long limit)
    {
        limit = options.MemoryBytes ?? limit;
        // A cell is in the lists of all sequences, with its position.
        var cellBytes = SequenceBytes.OfCell(graph, options.CacheType) + ((2L * sequences) + 1) * sizeof(int);
        var stateBytes = SequenceBytes.OfStates(graph);
        var checkpoints = stateBytes == 0 ? 0 : (int)Math.Min(options.MaxCheckpoints, limit / 4 / stateBytes);
        var states = (sequences + checkpoints) * stateBytes;
        var fitting = (int)Math.Clamp((limit - states) / cellBytes, 0, int.MaxValue / 2);
        var length = options.SequenceLength ?? Math.Min(Math.Min(trainedLength ?? UsualSequenceLength, UsualSequenceLength), options.Cells ?? int.MaxValue);
        var cells = options.Cells ?? (int)Math.Min((long)UsualSequences * length, fitting);
        if (cells > fitting || cells < 1 || (options.SequenceLength is not null && cells < length))
        {
            var wanted = options.Cells ?? length;
            throw new DeviceException($"A KV cache of {wanted} tokens and the states of {sequences} sequences take {Gibibytes(states + (wanted * cellBytes))}; "
                + $"{Gibibytes(limit)} may be used. Choose fewer cells, a smaller type of the cache or fewer sequences, or raise MemoryBytes.");
        }

        return new EngineSizes(cells, Math.Min(length, cells), checkpoints, states + (cells * cellBytes), limit);
    }

    /// <summary>The options of a context of these sizes.</summary>
    public ContextOptions Context(IBackend backend, EngineOptions options, int sequences) => new()
    {
        Backend = backend,
        ContextLength = Cells,
        SequenceLength = SequenceLength,
        MaxBatch = options.MaxBatch,
        MaxSequences = sequences,
        Checkpoints = Checkpoints,
        CacheType = options.CacheType,
        Adapters = options.Adapters,
        AdapterSets = options.AdapterSets,
    };

    private static string Gibibytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 30):0.00} GiB");
}
