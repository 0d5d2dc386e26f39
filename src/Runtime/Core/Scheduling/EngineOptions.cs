using ArchGen.Runtime.Adapters;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Sampling;
using ArchGen.Runtime.Speculation;

namespace ArchGen.Runtime.Scheduling;

/// <summary>The sizes and limits of an <see cref="InferenceEngine"/>. Its memory is allocated when it is created, and does not grow.</summary>
public sealed record EngineOptions
{
    /// <summary>Answers that are computed at the same time, at least 1; others wait. Defaults to 8.</summary>
    public int MaxSequences { get; init; } = 8;

    /// <summary>
    /// Tokens that the KV cache holds: of all running answers, and of earlier ones whose beginning may come again. Defaults (null) to four times
    /// <see cref="SequenceLength"/>, or fewer if that is beyond <see cref="MemoryBytes"/>.
    /// </summary>
    public int? Cells { get; init; }

    /// <summary>
    /// Tokens of prompt and answer together at most. Defaults (null) to the context length that the model was trained for, but at most 4096, and at most
    /// the number of cells.
    /// </summary>
    public int? SequenceLength { get; init; }

    /// <summary>
    /// Bytes that the KV cache, the states of recurrent layers and their checkpoints take at most. They are counted before they are allocated. Defaults
    /// (null) to half of the memory that is free, in a container as its limits have it.
    /// </summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Tokens that one step computes at most; see <see cref="ContextOptions.MaxBatch"/>. Defaults to 512.</summary>
    public int MaxBatch { get; init; } = 512;

    /// <summary>
    /// Tokens of prompts that a step computes at most while other answers are being generated: they wait that long for their next token. Defaults to 128;
    /// a processor is hardly faster with more.
    /// </summary>
    public int MaxPromptTokensBesideDecode { get; init; } = 128;

    /// <summary>
    /// Answers that may wait to be begun; a request for more is refused with <see cref="QueueFullException"/>. At least 0; defaults to 256.
    /// </summary>
    public int MaxQueuedAnswers { get; init; } = 256;

    /// <summary>
    /// Free cells, beside those for the tokens that it has, without which an answer is not begun; less if it may generate fewer. Defaults to 64. A larger
    /// number means fewer answers at the same time that have to be interrupted and computed again.
    /// </summary>
    public int ReservedCells { get; init; } = 64;

    /// <summary>Events that wait for a reader until its answer pauses, at least 1. Defaults to 64.</summary>
    public int MaxUnreadEvents { get; init; } = 64;

    /// <summary>
    /// States of recurrent layers that are saved at ends of messages, so that a conversation goes on after them. Defaults to 32; less if they are beyond a
    /// quarter of <see cref="MemoryBytes"/>. Models without such layers need none.
    /// </summary>
    public int MaxCheckpoints { get; init; } = 32;

    /// <summary>The distance in tokens of further checkpoints within a prompt; 0 for none. Defaults to 2048.</summary>
    public int CheckpointInterval { get; init; } = 2048;

    /// <summary>
    /// Whether the tokens of answers are added to the prefix cache, so that a further turn does not compute them. Defaults to true. Keys and values of an
    /// answer differ in the last bits from those of the same tokens in a prompt (<see cref="TokenPhase"/>); with false, results do not depend on what is
    /// cached.
    /// </summary>
    public bool CachesAnswers { get; init; } = true;

    /// <summary>The type of the KV cache; see <see cref="ContextOptions.CacheType"/>. Defaults to F16.</summary>
    public CacheType CacheType { get; init; } = CacheType.F16;

    /// <summary>
    /// LoRA adapters that are added to the model, for requests that name no other set; none by default. They must stay open as long as the engine.
    /// </summary>
    public IReadOnlyList<LoraAdapter> Adapters { get; init; } = [];

    /// <summary>
    /// Further sets of adapters, for <see cref="GenerationRequest.AdapterSet"/>; none by default. Answers of several sets are computed in the same step, and
    /// share no prefixes.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<LoraAdapter>> AdapterSets { get; init; } = [];

    /// <summary>The sampler of requests that name none; null for what the file recommends (<see cref="SamplerOptions.Of"/>).</summary>
    public SamplerOptions? Sampling { get; init; }

    /// <summary>
    /// Drafts of the next tokens while a single answer is being generated, by default from its own text where they change no result. There are none for
    /// recurrent models.
    /// </summary>
    public SpeculationOptions Speculation { get; init; } = new();

    /// <exception cref="RequestException">A value is out of its range.</exception>
    internal void Check()
    {
        Speculation.Check();
        AtLeast(1, MaxSequences, nameof(MaxSequences));
        AtLeast(1, Cells ?? 1, nameof(Cells));
        AtLeast(1, SequenceLength ?? 1, nameof(SequenceLength));
        AtLeast(1, MaxBatch, nameof(MaxBatch));
        AtLeast(1, MaxPromptTokensBesideDecode, nameof(MaxPromptTokensBesideDecode));
        AtLeast(0, MaxQueuedAnswers, nameof(MaxQueuedAnswers));
        AtLeast(0, ReservedCells, nameof(ReservedCells));
        AtLeast(1, MaxUnreadEvents, nameof(MaxUnreadEvents));
        AtLeast(0, MaxCheckpoints, nameof(MaxCheckpoints));
        AtLeast(0, CheckpointInterval, nameof(CheckpointInterval));
        if (MemoryBytes is < 1) throw new RequestException($"{nameof(MemoryBytes)} is {MemoryBytes}; expected at least 1.");
    }

    private static void AtLeast(int least, int value, string name)
    {
        if (value < least) throw new RequestException($"{name} is {value}; expected at least {least}.");
    }
}
