using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;

namespace ArchGen.Tools.Measurement;

/// <summary>Runs the chunks of a text through a context: short ones several at a time, as sequences of one batch; long ones in parts.</summary>
/// <param name="context">Made with <see cref="Options"/>.</param>
/// <param name="text">The text.</param>
/// <param name="batchSize">Tokens that are computed together.</param>
internal sealed class ChunkRunner(InferenceContext context, ChunkedText text, int batchSize)
{
    private readonly Batch _batch = new();
    private readonly List<ChunkRow> _rows = [];

    /// <summary>What a context needs for a text.</summary>
    public static ContextOptions Options(ChunkedText text, EvaluationOptions options)
    {
        if (options.BatchSize < 1) throw new RequestException($"The batch size is {options.BatchSize}; expected 1 or more.");
        var sequences = Sequences(text, options.BatchSize);
        return new ContextOptions
        {
            ContextLength = checked(sequences * text.ChunkLength),
            SequenceLength = text.ChunkLength,
            MaxBatch = options.BatchSize,
            MaxSequences = sequences,
            CacheType = options.CacheType,
            Backend = options.Backend,
        };
    }

    /// <summary>Runs all chunks.</summary>
    /// <param name="firstOutput">The first position of a chunk whose output is wanted.</param>
    /// <param name="endOutput">The first after it whose output is not wanted.</param>
    /// <param name="evaluated">Takes the outputs of a batch: chunk by chunk, in order of position.</param>
    /// <param name="finished">Told how many chunks are done, after those of each batch.</param>
    /// <param name="cancellation">Ends the run between two steps.</param>
    public void Run(int firstOutput, int endOutput, Action<IReadOnlyList<ChunkRow>> evaluated, Action<int> finished, CancellationToken cancellation)
    {
        var sequences = Sequences(text, batchSize);
        // A model whose tokens see later ones takes a chunk as a whole.
        var part = sequences > 1 || context.IsBidirectional ? text.ChunkLength : batchSize;
        for (var chunk = 0; chunk < text.Chunks; chunk += sequences)
        {
            var end = Math.Min(chunk + sequences, text.Chunks);
            for (var sequence = 0; sequence < sequences; sequence++) context.RemoveSequence(sequence);
            for (var begin = 0; begin < text.ChunkLength; begin += part)
            {
                cancellation.ThrowIfCancellationRequested();
                _batch.Clear();
                _rows.Clear();
                for (var c = chunk; c < end; c++)
                {
                    for (var position = begin; position < Math.Min(begin + part, text.ChunkLength); position++)
                    {
                        var isWanted = position >= firstOutput && position < endOutput;
                        if (isWanted) _rows.Add(new ChunkRow(_batch.Count, c, position));
                        _batch.Add(text.Read(c, position), position, c - chunk, isWanted);
                    }
                }

                context.Evaluate(_batch, cancellation);
                evaluated(_rows);
            }

            finished(end);
        }
    }

    private static int Sequences(ChunkedText text, int batchSize) => Math.Clamp(batchSize / text.ChunkLength, 1, text.Chunks);
}

/// <summary>An output.</summary>
/// <param name="Index">Its token's place in the batch.</param>
/// <param name="Chunk">The chunk.</param>
/// <param name="Position">The position in the chunk.</param>
internal readonly record struct ChunkRow(int Index, int Chunk, int Position);
