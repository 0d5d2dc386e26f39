using ArchGen.Cpu.Kernels;
using ArchGen.Cpu.Threading;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;

namespace ArchGen.Tools.Measurement;

/// <summary>
/// Scores a model's predictions of the tokens in the second half of each chunk, where it has some context: the outputs at positions
/// n/2 to n - 2, of the tokens after them. Rows are scored by all threads, and collected in order.
/// </summary>
internal abstract class LogitsScorer : IDisposable
{
    private readonly LoadedModel _model;
    private readonly EvaluationOptions _options;
    private readonly InferenceContext _context;
    private readonly WorkerPool _pool;

    protected LogitsScorer(LoadedModel model, ChunkedText text, EvaluationOptions options)
    {
        (_model, Text, _options) = (model, text, options);
        if (model.EncoderGraph is not null)
        {
            throw new RequestException($"{model.File.Name}: {model.Architecture.Name} has an encoder and answers texts; "
                + "it cannot be measured on a text alone. Use a decoder.");
        }

        if (ScoredPerChunk(text.ChunkLength) < 1)
            throw new RequestException($"Chunks of {text.ChunkLength} tokens have nothing to score in their second half; expected 3 tokens or more.");
        _context = model.CreateContext(ChunkRunner.Options(text, options));
        if (_context.Width != model.Model.Vocab)
        {
            _context.Dispose();
            throw new RequestException($"{model.File.Name}: {model.Architecture.Name} computes embeddings, not logits. Use a language model.");
        }

        _pool = new WorkerPool(options.Threads);
    }

    protected ChunkedText Text { get; }

    protected int Vocabulary => _context.Width;

    /// <summary>Outputs of a chunk that are scored.</summary>
    public static int ScoredPerChunk(int chunkLength) => chunkLength - 1 - FirstScored(chunkLength);

    /// <summary>Runs the text.</summary>
    /// <param name="finished">Called after each chunk with the number of finished chunks.</param>
    /// <param name="cancellation">Ends the run between two steps.</param>
    protected void Run(Action<int> finished, CancellationToken cancellation)
    {
        var last = Text.ChunkLength - 2;
        new ChunkRunner(_context, Text, _options.BatchSize).Run(FirstScored(Text.ChunkLength), last + 1, rows =>
        {
            Prepare(rows.Count);
            _pool.Run(new Job(this, rows), rows.Count, 1);
            for (var i = 0; i < rows.Count; i++)
            {
                if (!Collect(i))
                {
                    throw new ModelFileException($"{_model.File.Name}: "
                        + $"the logits at position {rows[i].Position} of chunk {rows[i].Chunk + 1} are not finite numbers. The file may be damaged.");
                }

                if (rows[i].Position == last) finished(rows[i].Chunk + 1);
            }
        }, _ => { }, cancellation);
    }

    /// <summary>Allocates the scores of a number of rows.</summary>
    protected abstract void Prepare(int rows);

    /// <summary>Scores a row; called by several threads.</summary>
    /// <param name="row">The index of its score.</param>
    /// <param name="logits">The logits of the next token, [vocab].</param>
    /// <param name="next">That token in the text.</param>
    protected abstract void Score(int row, ReadOnlySpan<float> logits, int next);

    /// <summary>Takes a row's score into account, in order. False if it is not a finite number.</summary>
    protected abstract bool Collect(int row);

    private static int FirstScored(int chunkLength) => chunkLength / 2;

    private readonly struct Job(LogitsScorer scorer, IReadOnlyList<ChunkRow> rows) : IParallelJob
    {
        public void Execute(int begin, int end)
        {
            for (var i = begin; i < end; i++) scorer.Score(i, scorer._context.Output(rows[i].Index), scorer.Text[rows[i].Chunk, rows[i].Position + 1]);
        }
    }

    public virtual void Dispose()
    {
        _context.Dispose();
        _pool.Dispose();
    }
}
