using System.Diagnostics;
using ArchGen.Gguf;
using ArchGen.Graphs;
using ArchGen.Runtime.Adapters;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Planning;

namespace ArchGen.Runtime.Execution;

/// <summary>The context of a model: its plan, the backends that run it, and the KV cache and states of its sequences. For one caller at a time.</summary>
public sealed partial class InferenceContext : IDisposable
{
    // Rows of logits are long: the maximum of their bytes in one micro-batch, unless all are needed together.
    private const long OutputBytes = 64 << 20;

    private readonly Graph _graph;
    private readonly CellTable _cells;
    private readonly PlacedBackends _backends;
    private readonly OutputRows _outputs;
    private readonly MicroBatches _microBatches;
    private readonly SequenceTable _sequences;
    private readonly bool _hasKeys;
    private readonly IReadOnlyList<Graph> _graphs;
    private readonly ModelWeights _weights;
    private readonly ContextOptions _options;
    private readonly AdapterPlans _plans;
    private Frame _frame;
    private bool _isDisposed;

    /// <summary>Prepares a graph to run.</summary>
    /// <param name="graph">The graph; its shapes are numbers but for T, S and O.</param>
    /// <param name="weights">The file of its weights, which must stay open.</param>
    /// <param name="options">The sizes of the context, and the backends.</param>
    /// <param name="observer">Sees each node's values after it is computed; nothing is fused then.</param>
    /// <exception cref="ModelFileException">A weight is missing or has another size, or there is no kernel for its type.</exception>
    /// <exception cref="RequestException">An option is out of range.</exception>
    /// <exception cref="DeviceException">There is not enough memory, or there are fewer threads than requested.</exception>
    public InferenceContext(Graph graph, GgufFile weights, ContextOptions options, NodeObserver? observer = null)
        : this(graph, weights, options, observer, null)
    {
    }

    /// <summary>Prepares a graph to run; the squares of its products' inputs are summed.</summary>
    internal InferenceContext(Graph graph, GgufFile weights, ContextOptions options, ProductWatch watch)
        : this(graph, weights, options, null, watch)
    {
    }

    private InferenceContext(Graph graph, GgufFile weights, ContextOptions options, NodeObserver? observer, ProductWatch? watch)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        var graphs = GraphsOf(graph, options);
        (_graph, _graphs, _options) = (graphs[0], graphs, options);
        Width = (int)(new Shape([.. graph.Output.Shape.Skip(1)]).Elements.IsConstant(out var width)
            ? width
            : throw new InvalidOperationException($"{graph.Output}: the size of a row is not a number"));
        IsBidirectional = graph.IsBidirectional;
        _outputs = new OutputRows(Width);
        _microBatches = new MicroBatches(options.MaxSequences, IsBidirectional);
        var found = _weights = new ModelWeights(weights, [.. options.AllAdapterSets.SelectMany(set => set)]);
        try
        {
            _cells = new CellTable(options.ContextLength, options.MaxSequences);
            _backends = new PlacedBackends(graphs, options, found, _cells);
            var requests = graphs.Select(adapted => new PlanRequest(adapted, found, _backends.Sessions, _backends.PlaceOf, options.CacheType)
            {
                IsObserved = observer is not null,
                Watch = watch,
            });
            var tokens = Math.Min(options.MaxBatch, options.ContextLength);
            _plans = new AdapterPlans([.. requests], observer, new PlanLimits(tokens, OutputsAtOnce(tokens), 0));
            (_hasKeys, HasStates) = (_plans[0].Plan.HasKeys, _plans[0].Plan.HasStates);
            _sequences = new SequenceTable(_graph, _cells, _backends, options, _hasKeys, HasStates);
            _frame = new Frame(tokens);
            foreach (var session in _backends.Sessions) session.WarmUp();
        }
        catch (Exception error)
        {
            _plans?.Dispose();
            _backends?.Dispose();
            _cells?.Dispose();
            found.Dispose();
            if (error is not OutOfMemoryException) throw;
            throw new DeviceException($"{weights.Name}: there is not enough memory for a context of {options.ContextLength} tokens "
                + $"and {options.MaxSequences} sequences. Choose a smaller context, or a smaller type for its cache.", error);
        }
    }

    /// <summary>Elements of a row of the result: the vocabulary, or the size of an embedding.</summary>
    public int Width { get; }

    /// <summary>Whether tokens see later ones, so that all of a sequence must be in one batch.</summary>
    public bool IsBidirectional { get; }

    /// <summary>Whether sequences have a recurrent state, which cannot go back.</summary>
    public bool HasStates { get; }

    /// <summary>Measures what <see cref="Evaluate(Batch, CancellationToken)"/> does, step by step; null, and then nothing is measured, unless set.</summary>
    public Profiler? Profiler { get; set; }

    /// <summary>Evaluates a batch: its tokens are added to their sequences. Afterwards <see cref="Output"/> has the requested rows.</summary>
    /// <param name="batch">The tokens.</param>
    /// <param name="cancellation">Ends it between two steps of a micro-batch.</param>
    /// <exception cref="RequestException">A token, position or sequence is out of range. Nothing has been computed.</exception>
    /// <exception cref="ContextFullException">The tokens do not fit into the context or the model's positions. Nothing has been computed.</exception>
    /// <exception cref="ModelFileException">Keys or values do not fit the cache's type.</exception>
    /// <exception cref="ObjectDisposedException">The context, the model or an adapter was disposed.</exception>
    /// <exception cref="OperationCanceledException">
    /// It was cancelled. The batch's sequences are as before, or removed if the model is recurrent. The same holds after any other error.
    /// </exception>
    public void Evaluate(Batch batch, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Evaluate(batch, null, cancellation);
    }

    /// <summary>
    /// Computes the tokens of a batch of any length, such as a long prompt, and reports the rows of each micro-batch as soon as they are computed. Only
    /// these are kept: <see cref="Output"/> has them until <paramref name="computed"/> returns.
    /// </summary>
    /// <param name="batch">The tokens.</param>
    /// <param name="computed">Called after each micro-batch with its range of tokens in the batch: the first, and one past the last.</param>
    /// <param name="cancellation">Ends it between two steps of a micro-batch.</param>
    /// <exception cref="RequestException">As <see cref="Evaluate(Batch, CancellationToken)"/>.</exception>
    /// <exception cref="ContextFullException">As <see cref="Evaluate(Batch, CancellationToken)"/>.</exception>
    /// <exception cref="OperationCanceledException">As <see cref="Evaluate(Batch, CancellationToken)"/>.</exception>
    public void Evaluate(Batch batch, Action<int, int>? computed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        RequireOpen();
        var start = Profiler is null ? 0 : Stopwatch.GetTimestamp();
        if (_plans.Limits.NeedsEncoder && _frame.EncoderCount == 0)
            throw new RequestException($"{_graph.Name} attends to an encoder's output, and none is set. Run the encoder first and call SetEncoded.");
        CheckRows(batch);
        _sequences.Add(batch, _plans.Limits);
        if (IsBidirectional && batch.Count > _plans.Limits.Tokens) Grow(batch.Count, _plans.Limits.EncoderTokens);
        _outputs.Begin(batch, computed is null ? batch.Count : _plans.Limits.Outputs);
        try
        {
            int begin = 0, end;
            for (; begin < batch.Count; begin = end)
            {
                end = _microBatches.Fill(_frame, batch.Tokens, begin, _plans.Limits, _hasKeys ? _cells : null);
                var plan = _plans[_frame.AdapterSet];
                plan.Run(_frame, batch.Rows(begin, end), Profiler, cancellation);
                _outputs.Append(plan, _frame.OutputCount);
                if (computed is null) continue;
                computed(begin, end);
                _outputs.Drop();
            }
        }
        catch
        {
            _outputs.Clear();
            _sequences.Withdraw(batch);
            throw;
        }

        Profiler?.AddWall(Stopwatch.GetTimestamp() - start);
    }

    /// <summary>
    /// The output of token <paramref name="i"/> of the last batch: logits or an embedding, <see cref="Width"/> elements. Valid until the next batch.
    /// </summary>
    /// <exception cref="RequestException">That token's output was not requested.</exception>
    public ReadOnlySpan<float> Output(int i)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var row = _outputs.Of(i);
        return row.IsEmpty ? throw new RequestException($"Token {i} of the last batch has no output: it was not asked for. "
            + "Add the token with wantOutput.") : row;
    }

    /// <summary>Gives the decoder the rows of its encoder, [tokens, embd], for all sequences from now on.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled, between two steps; the rows are to be set again.</exception>
    public void SetEncoded(ReadOnlySpan<float> rows, int tokens, CancellationToken cancellation = default)
    {
        RequireOpen();
        if (_plans[0].Plan.Encoded is not { Width: var width })
            throw new RequestException($"{_graph.Name} takes no encoder output: it has no cross attention.");
        if (tokens > _plans.Limits.EncoderTokens) Grow(_plans.Limits.Tokens, tokens);
        if (rows.Length != (long)tokens * width)
            throw new RequestException($"{_graph.Name}: {rows.Length} elements of encoder output; expected [{tokens}, {width}].");
        _frame.EncoderCount = tokens;
        _plans.RunEncoder(rows, _frame, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _plans.Dispose();
        _backends.Dispose();
        _frame.Dispose();
        _cells.Dispose();
        _outputs.Dispose();
        _weights.Dispose();
    }

    // Steps hold addresses in the model's memory: it is looked at before they use them.
    private void RequireOpen()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _weights.RequireOpen();
    }

    private void CheckRows(Batch batch)
    {
        var width = _plans[0].Plan.TokenRows?.ElementsPerRow ?? 0;
        if (batch.RowWidth == width || batch.Count == 0) return;
        throw new RequestException(width == 0 ? $"{_graph.Name} reads no rows of another graph, and the batch has some. Add its tokens alone."
            : $"{_graph.Name} reads rows of {width} elements of another graph, and the batch has rows of {batch.RowWidth}. Add each token with its row.");
    }

    // A bidirectional graph needs all outputs, since its batch cannot be split.
    private int OutputsAtOnce(int tokens) => IsBidirectional
        ? tokens
        : (int)Math.Clamp(OutputBytes / (sizeof(float) * (long)Width), Math.Min(16, tokens), tokens);

    // Replaces the plans by larger ones; cache and states stay.
    private void Grow(int tokens, int encoderTokens)
    {
        _plans.Grow(new PlanLimits(tokens, OutputsAtOnce(tokens), encoderTokens));
        if (tokens <= _frame.Capacity) return;
        var frame = new Frame(tokens) { EncoderCount = _frame.EncoderCount };
        _frame.Dispose();
        _frame = frame;
    }
}
