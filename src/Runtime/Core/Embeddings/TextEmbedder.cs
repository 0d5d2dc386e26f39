using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Tokenizers;

namespace ArchGen.Runtime.Embeddings;

/// <summary>
/// Computes embeddings of texts: the hidden states after the last norm, pooled. For one caller at a time.
/// <code>
/// using var model = LoadedModel.Open("model.gguf", Catalog.All);
/// using var embedder = new TextEmbedder(model, new CpuBackend());
/// float[] embedding = embedder.Embed("A man is eating food.");
/// </code>
/// </summary>
public sealed class TextEmbedder : IDisposable
{
    private readonly LoadedModel _model;
    private readonly DecoderModel _transformer;
    private readonly IBackend _backend;
    private readonly EmbeddingOptions _options;
    private readonly Graphs.Graph _graph;
    private readonly CachedTensors _heads;
    private readonly bool _hasHead;
    private readonly Batch _batch = new();
    private InferenceContext? _context;
    private bool _isDisposed;
    private int _capacity;

    /// <summary>Prepares a model to embed.</summary>
    /// <param name="model">The model, which must stay open.</param>
    /// <param name="backend">The backend.</param>
    /// <param name="options">The options of the embeddings; null for the defaults.</param>
    /// <exception cref="ArchGenException">The model has no hidden states, or neither its file nor the options state the pooling type.</exception>
    public TextEmbedder(LoadedModel model, IBackend backend, EmbeddingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        (_model, _backend, _options) = (model, backend, options ?? new());
        if (model.EncoderGraph is not null)
        {
            throw new RequestException($"{model.File.Name}: {model.Architecture.Name} answers texts and has no embeddings. "
                + "Use the model of its encoder alone.");
        }

        if (model.Model is not DecoderModel transformer)
            throw new RequestException($"{model.File.Name}: {model.Architecture.Name} does not declare the width of its rows.");
        Pooling = _options.Pooling ?? PoolingOf(model);
        if (Pooling == Pooling.Rank && !transformer.IsRanker)
        {
            throw new RequestException(
                $"{model.File.Name}: the model is no reranker, or {model.Architecture.Name} declares no head that ranks texts. "
                + "Choose mean, cls, last or none.");
        }

        _transformer = transformer;
        _heads = new CachedTensors(model.Source);
        _graph = HiddenStates.Of(model.Graph, transformer.Embd);
        var row = new float[transformer.Embd];
        var embedding = transformer.Projected(_heads, row);
        (Width, _hasHead) = (embedding.Length, embedding != row);
    }

    /// <summary>Elements of a row.</summary>
    public int Width { get; }

    /// <summary>The pooling type.</summary>
    public Pooling Pooling { get; }

    /// <summary>
    /// The embedding of a text, [Width]; with <see cref="Pooling.None"/> the rows of its tokens, [T, Width]; with <see cref="Pooling.Rank"/> its
    /// scores. The model's special tokens around a text are added.
    /// </summary>
    /// <exception cref="ArchGenException">The text has no tokens, or more than the model was trained for.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled, between two steps.</exception>
    public float[] Embed(string text, CancellationToken cancellation = default) =>
        Embed(_model.Tokenizer.Encode(text, addSpecial: true, parseSpecial: false), cancellation);

    /// <summary>
    /// The scores of a document for a query, or the embedding of both together: both in one text, as rerankers are trained, each with the model's special
    /// tokens around it, the beginning only once.
    /// </summary>
    public float[] Embed(string query, string document, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(document);
        return Embed(Encode(query, document), cancellation);
    }

    /// <summary>The tokens of a query and a document in one text, as rerankers are trained.</summary>
    internal int[] Encode(string query, string document)
    {
        var (tokenizer, vocabulary) = (_model.Tokenizer, _model.Tokenizer.Vocabulary);
        List<int> tokens = [.. tokenizer.Encode(query, addSpecial: true, parseSpecial: false)];
        var separates = _model.File.Metadata.GetBoolOrNull("tokenizer.ggml.add_sep_token") == true;
        if (separates && vocabulary[SpecialToken.Separator] is { } separator) tokens.Add(separator);
        var second = tokenizer.Encode(document, addSpecial: true, parseSpecial: false);
        tokens.AddRange(tokenizer.AddsBos ? second.AsSpan(1) : second);
        return [.. tokens];
    }

    /// <summary>The embedding of tokens, as <see cref="Embed(string, CancellationToken)"/>.</summary>
    /// <exception cref="ArchGenException">There are none, or more than the model was trained for, or an id is out of range.</exception>
    public float[] Embed(ReadOnlySpan<int> tokens, CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (tokens.IsEmpty) throw new RequestException("The text has no tokens; expected at least one.");
        if (tokens.Length > _model.TrainedContextLength)
        {
            throw new ContextFullException($"The text has {tokens.Length} tokens, but {_model.File.Name} was trained for {_model.TrainedContextLength}. "
                + "Shorten it, or embed it in parts.")
            {
                Tokens = tokens.Length,
                Limit = _model.TrainedContextLength,
            };
        }

        var context = ContextFor(tokens.Length);
        context.RemoveSequence(0);
        _batch.Clear();
        for (var i = 0; i < tokens.Length; i++) _batch.Add(tokens[i], i, sequence: 0, wantOutput: IsRead(i, tokens.Length));
        context.Evaluate(_batch, cancellation);
        var rows = Pool(context, tokens.Length);
        if (Pooling == Pooling.Rank) return _transformer.Scores(_heads, rows);
        if (_hasHead) rows = Project(rows, cancellation);
        if (_options.Normalize)
        {
            for (var start = 0; start < rows.Length; start += Width) Normalize(rows.AsSpan(start, Width));
        }

        return rows;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        _context?.Dispose();
    }

    private float[] Project(float[] rows, CancellationToken cancellation)
    {
        if (rows.Length == _transformer.Embd) return _transformer.Projected(_heads, rows);
        var projected = new float[rows.Length / _transformer.Embd * Width];
        for (int from = 0, to = 0; from < rows.Length; from += _transformer.Embd, to += Width)
        {
            cancellation.ThrowIfCancellationRequested();
            _transformer.Projected(_heads, rows[from..(from + _transformer.Embd)]).CopyTo(projected, to);
        }

        return projected;
    }

    private static Pooling PoolingOf(LoadedModel model)
    {
        var key = $"{model.Architecture.Name}.pooling_type";
        return model.File.Metadata.GetInt32OrNull(key) switch
        {
            >= (int)Pooling.None and <= (int)Pooling.Rank and var type => (Pooling)type,
            null => throw new RequestException($"{model.File.Name}: key {key} is missing, so how the rows of a text become one is not known. "
                + "Choose mean, cls, last or none."),
            var type => throw new RequestException($"{model.File.Name}: key {key} is {type}, expected 0 to {(int)Pooling.Rank}. "
                + "Choose mean, cls, last or none."),
        };
    }

    /// <summary>The kind that makes one row of all; a ranking head reads one, too.</summary>
    private Pooling Rows => Pooling != Pooling.Rank ? Pooling : _transformer.RankedRow switch
    {
        RankedRow.First => Pooling.Cls,
        RankedRow.Last => Pooling.Last,
        _ => Pooling.Mean,
    };

    private bool IsRead(int i, int count) => Rows switch { Pooling.Cls => i == 0, Pooling.Last => i == count - 1, _ => true };

    // A text is evaluated in one batch, so that its tokens may see later ones.
    private InferenceContext ContextFor(int tokens)
    {
        if (_context is not null && tokens <= _capacity) return _context;
        _context?.Dispose();
        _context = null;
        _capacity = Math.Max(tokens, Math.Min(2 * _capacity, _model.TrainedContextLength ?? int.MaxValue));
        var options = new ContextOptions { Backend = _backend, ContextLength = _capacity, MaxBatch = _capacity, CacheType = CacheType.F32 };
        return _context = new InferenceContext(_graph, _model.File, options);
    }

    private float[] Pool(InferenceContext context, int tokens)
    {
        var width = _transformer.Embd;
        switch (Rows)
        {
            case Pooling.Cls: return context.Output(0).ToArray();
            case Pooling.Last: return context.Output(tokens - 1).ToArray();
            case Pooling.None:
                var rows = new float[checked(tokens * width)];
                for (var i = 0; i < tokens; i++) context.Output(i).CopyTo(rows.AsSpan(i * width));
                return rows;
            default:
                var sums = new double[width];
                for (var i = 0; i < tokens; i++)
                {
                    var row = context.Output(i);
                    for (var j = 0; j < width; j++) sums[j] += row[j];
                }

                return Array.ConvertAll(sums, sum => (float)(sum / tokens));
        }
    }

    private static void Normalize(Span<float> row)
    {
        var squares = 0.0;
        foreach (var value in row) squares += (double)value * value;
        if (squares == 0) return;
        var factor = 1 / Math.Sqrt(squares);
        foreach (ref var value in row) value = (float)(value * factor);
    }
}
