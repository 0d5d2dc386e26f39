using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;

namespace ArchGen.Tools.Measurement;

/// <summary>Runs the chunks of a text through a context: short ones several at a time, as sequences of one batch.</summary>
/// <param name="context">Made with <see cref="Options"/>.</param>
/// <param name="text">The text.</param>
/// <param name="batchSize">Tokens that are computed together.</param>
internal sealed class ChunkRunner(InferenceContext context, ChunkedText text, int batchSize)
{
    private readonly Batch _batch = new();
    private readonly List<ChunkRow> _rows = [];

    /// <summary>The options of a context for a text.</summary>
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
    /// <param name="evaluated">Takes the outputs of a micro-batch: chunk by chunk, in order of position.</param>
    /// <param name="finished">Called after each batch with the number of finished chunks.</param>
    /// <param name="cancellation">Ends the run between two steps.</param>
    public void Run(int firstOutput, int endOutput, Action<IReadOnlyList<ChunkRow>> evaluated, Action<int> finished, CancellationToken cancellation)
    {
        var sequences = Sequences(text, batchSize);
        for (var chunk = 0; chunk < text.Chunks; chunk += sequences)
        {
            var end = Math.Min(chunk + sequences, text.Chunks);
            for (var sequence = 0; sequence < sequences; sequence++) context.RemoveSequence(sequence);
            Fill(chunk, end, firstOutput, endOutput);
            context.Evaluate(_batch, (first, behind) => evaluated(_rows.FindAll(row => row.Index >= first && row.Index < behind)), cancellation);
            finished(end);
        }
    }

    private void Fill(int firstChunk, int endChunk, int firstOutput, int endOutput)
    {
        _batch.Clear();
        _rows.Clear();
        for (var chunk = firstChunk; chunk < endChunk; chunk++)
        {
            for (var position = 0; position < text.ChunkLength; position++)
            {
                var isWanted = position >= firstOutput && position < endOutput;
                if (isWanted) _rows.Add(new ChunkRow(_batch.Count, chunk, position));
                _batch.Add(text.Read(chunk, position), position, chunk - firstChunk, isWanted);
            }
        }
    }

    private static int Sequences(ChunkedText text, int batchSize) => Math.Clamp(batchSize / text.ChunkLength, 1, text.Chunks);
}

/// <summary>An output.</summary>
/// <param name="Index">The index of its token in the batch.</param>
/// <param name="Chunk">The chunk.</param>
/// <param name="Position">The position in the chunk.</param>
internal readonly record struct ChunkRow(int Index, int Chunk, int Position);
