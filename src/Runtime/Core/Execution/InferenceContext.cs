using System.Diagnostics;
using System.Runtime.InteropServices;
using ArchGen.Cpu.Threading;
using ArchGen.Gguf;
using ArchGen.Graphs;
using ArchGen.Runtime.Adapters;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Planning;

namespace ArchGen.Runtime.Execution;

/// <summary>A model at work: its plan, its threads, and what it remembers of its sequences. For one caller at a time.</summary>
public sealed unsafe class InferenceContext : IDisposable
{
    // Rows of logits are long: so many bytes of them at a time, unless all are needed together.
    private const long OutputBytes = 64 << 20;

    private readonly Graph _graph;
    private readonly WeightBinding _weights;
    private readonly ContextOptions _options;
    private readonly NodeObserver? _observer;
    private readonly ProductWatch? _watch;
    private readonly WorkerPool _pool;
    private readonly SequenceMemory _memory;
    private readonly int[] _lastPositions;
    private readonly int[] _spanOfSequence;
    private Plan _plan;
    private Frame _frame;
    private int[] _outputRows = [];
    private float* _outputs;
    private int _outputCapacity;

    /// <summary>Prepares a graph to run.</summary>
    /// <param name="graph">The graph; its shapes are numbers but for T, S and O.</param>
    /// <param name="weights">The file of its weights, which must stay open.</param>
    /// <param name="options">How much it holds, and how it runs.</param>
    /// <param name="observer">Sees each node's values after it is computed; nothing is fused then.</param>
    /// <exception cref="ArchGenException">A weight is missing or has another size, there is no kernel for its type, or an option is out of range.</exception>
    public InferenceContext(Graph graph, GgufFile weights, ContextOptions options, NodeObserver? observer = null)
        : this(graph, weights, options, observer, null)
    {
    }

    /// <summary>Prepares a graph to run, what its products read being summed on the way.</summary>
    internal InferenceContext(Graph graph, GgufFile weights, ContextOptions options, ProductWatch watch)
        : this(graph, weights, options, null, watch)
    {
    }

    private InferenceContext(Graph graph, GgufFile weights, ContextOptions options, NodeObserver? observer, ProductWatch? watch)
    {
        options.Check();
        _graph = OutputSelection.Insert(GeluTables.Apply(AdaptedGraph.Apply(graph, options.Adapters), options.Gelu));
        (_weights, _options, _observer, _watch) = (new WeightBinding(weights, options.Tier, options.Adapters), options, observer, watch);
        _pool = new WorkerPool(options.Threads);
        _lastPositions = new int[options.MaxSequences];
        _spanOfSequence = new int[options.MaxSequences];
        Array.Fill(_lastPositions, -1);
        try
        {
            Width = (int)(new Shape([.. graph.Output.Shape.Skip(1)]).Elements.IsConstant(out var width)
                ? width
                : throw new InvalidOperationException($"{graph.Output}: the size of a row is not a number"));
            IsBidirectional = graph.Nodes.Any(n => n.Op == Op.Attention && n.Attributes.Int32(Attr.Mask) == (int)AttentionMask.Bidirectional);
            _memory = new SequenceMemory(options.CacheType, options.ContextLength, options.MaxSequences);
            var tokens = Math.Min(options.MaxBatch, options.ContextLength);
            _plan = Compile(tokens, OutputsAtOnce(tokens), 0);
            _frame = new Frame(tokens);
            _weights.WarmUp();
        }
        catch (Exception error)
        {
            _pool.Dispose();
            _memory?.Dispose();
            if (error is not OutOfMemoryException) throw;
            throw new ArchGenException($"{weights.Name}: there is not enough memory for a context of {options.ContextLength} tokens "
                + $"and {options.MaxSequences} sequences. Choose a smaller context, or a smaller type for its cache.", error);
        }
    }

    /// <summary>Elements of a row of the result: the vocabulary, or the size of an embedding.</summary>
    public int Width { get; }

    /// <summary>Whether tokens see later ones, so that all of a sequence must be in one batch.</summary>
    public bool IsBidirectional { get; }

    /// <summary>Whether sequences have a recurrent state, which cannot go back.</summary>
    public bool HasStates => _memory.HasStates;

    /// <summary>Measures what <see cref="Evaluate"/> does, step by step; null, and then nothing is measured, unless set.</summary>
    public Profiler? Profiler { get; set; }

    /// <summary>Computes the tokens of a batch, and remembers them in their sequences. Afterwards <see cref="Output"/> has the rows asked for.</summary>
    /// <param name="batch">The tokens.</param>
    /// <param name="cancellation">Ends it between two steps of a micro-batch.</param>
    /// <exception cref="ArchGenException">
    /// A token, position or sequence is out of range, the context is full, and nothing has been computed then; or keys or values do not fit the cache's type.
    /// </exception>
    /// <exception cref="OperationCanceledException">
    /// It was cancelled. The batch's sequences are as they were before, those of a recurrent model forgotten; so it is after any other error on the way.
    /// </exception>
    public void Evaluate(Batch batch, CancellationToken cancellation = default)
    {
        var start = Profiler is null ? 0 : Stopwatch.GetTimestamp();
        Check(batch);
        if (IsBidirectional && batch.Count > _plan.Limits.Tokens) Grow(batch.Count, _plan.Limits.EncoderTokens);
        ReserveOutputs(batch);
        try
        {
            Run(batch, cancellation);
        }
        catch
        {
            Withdraw(batch);
            throw;
        }

        Profiler?.AddWall(Stopwatch.GetTimestamp() - start);
    }

    private void Run(Batch batch, CancellationToken cancellation)
    {
        var done = 0;
        for (var begin = 0; begin < batch.Count;)
        {
            var end = Fill(batch.Tokens, begin);
            _plan.Run(_frame, _pool, Profiler, cancellation);
            for (var i = 0; i < _frame.OutputCount; i++)
                new ReadOnlySpan<float>(_plan.Output.Row(i), Width).CopyTo(new Span<float>(_outputs + ((long)(done + i) * Width), Width));
            done += _frame.OutputCount;
            begin = end;
        }
    }

    // Takes a batch back that was not computed to its end: a sequence's first token in it is where the sequence ends again.
    private void Withdraw(Batch batch)
    {
        Array.Fill(_outputRows, -1);
        if (IsBidirectional) return;
        Array.Fill(_spanOfSequence, -1);
        foreach (var token in batch.Tokens)
        {
            if (_spanOfSequence[token.Sequence] >= 0) continue;
            _spanOfSequence[token.Sequence] = 0;
            if (HasStates) RemoveSequence(token.Sequence);
            else TruncateSequence(token.Sequence, token.Position);
        }
    }

    /// <summary>
    /// The result for token <paramref name="i"/> of the last batch: logits or an embedding, <see cref="Width"/> elements. Valid until the next batch.
    /// </summary>
    /// <exception cref="ArchGenException">That token's output was not asked for.</exception>
    public ReadOnlySpan<float> Output(int i) => (uint)i < (uint)_outputRows.Length && _outputRows[i] >= 0
        ? new ReadOnlySpan<float>(_outputs + ((long)_outputRows[i] * Width), Width)
        : throw new ArchGenException($"Token {i} of the last batch has no output: it was not asked for. Add the token with wantOutput.");

    /// <summary>Gives the decoder the rows of its encoder, [tokens, embd], for all sequences from now on.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled, between two steps; the rows are to be set again.</exception>
    public void SetEncoded(ReadOnlySpan<float> rows, int tokens, CancellationToken cancellation = default)
    {
        if (!_plan.Limits.NeedsEncoder) throw new ArchGenException($"{_graph.Name} takes no encoder output: it has no cross attention.");
        if (tokens > _plan.Limits.EncoderTokens) Grow(_plan.Limits.Tokens, tokens);
        if (rows.Length != (long)tokens * _plan.Encoded.Width)
            throw new ArchGenException($"{_graph.Name}: {rows.Length} elements of encoder output; expected [{tokens}, {_plan.Encoded.Width}].");
        rows.CopyTo(new Span<float>(_plan.Encoded.Data, rows.Length));
        _frame.EncoderCount = tokens;
        _plan.RunEncoder(_frame, _pool, cancellation);
    }

    /// <summary>Forgets a sequence.</summary>
    public void RemoveSequence(int sequence)
    {
        CheckSequence(sequence);
        _memory.Truncate(sequence, 0);
        _lastPositions[sequence] = -1;
    }

    /// <summary>Forgets a sequence's tokens from a position on.</summary>
    /// <exception cref="ArchGenException">The model is recurrent: its state cannot go back.</exception>
    public void TruncateSequence(int sequence, int position)
    {
        CheckSequence(sequence);
        if (position > _lastPositions[sequence]) return;
        if (_memory.HasStates && position > 0)
        {
            throw new ArchGenException($"{_graph.Name} is recurrent and cannot forget sequence {sequence} from position {position} on. "
                + "Remove the sequence and evaluate it anew.");
        }

        _memory.Truncate(sequence, position);
        _lastPositions[sequence] = _memory.HasKeys ? _memory.Cells.LastPosition(sequence) : position - 1;
    }

    /// <summary>
    /// Loses what one operation remembers of a sequence: its state; or its keys and values, which become zeros. What a porter gets who forgets to
    /// carry it from one batch to the next.
    /// </summary>
    internal void Forget(Node node, int sequence)
    {
        CheckSequence(sequence);
        _memory.Forget(node, sequence);
    }

    /// <summary>Makes a sequence continue as another does, in place of what it was. Cells of the cache are shared.</summary>
    public void CopySequence(int from, int to)
    {
        CheckSequence(from);
        CheckSequence(to);
        _memory.Copy(from, to);
        _lastPositions[to] = _lastPositions[from];
    }

    /// <summary>The position after a sequence's last token.</summary>
    public int NextPosition(int sequence)
    {
        CheckSequence(sequence);
        return _lastPositions[sequence] + 1;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pool.Dispose();
        _plan.Dispose();
        _frame.Dispose();
        _memory.Dispose();
        NativeMemory.Free(_outputs);
        _outputs = null;
    }

    private Plan Compile(int tokens, int outputs, int encoderTokens) =>
        PlanCompiler.Compile(_graph, _weights, _memory, _pool, new PlanLimits(tokens, outputs, encoderTokens), _observer, _watch);

    // Of a bidirectional graph all, since its tokens cannot be divided.
    private int OutputsAtOnce(int tokens) => IsBidirectional
        ? tokens
        : (int)Math.Clamp(OutputBytes / (sizeof(float) * (long)Width), Math.Min(16, tokens), tokens);

    // A larger plan in place of this one; what sequences remember stays.
    private void Grow(int tokens, int encoderTokens)
    {
        var plan = Compile(tokens, OutputsAtOnce(tokens), encoderTokens);
        _plan.Dispose();
        _plan = plan;
        if (tokens <= _frame.Capacity) return;
        var frame = new Frame(tokens) { EncoderCount = _frame.EncoderCount };
        _frame.Dispose();
        _frame = frame;
    }

    private void Check(Batch batch)
    {
        var limits = _plan.Limits;
        if (limits.NeedsEncoder && _frame.EncoderCount == 0)
            throw new ArchGenException($"{_graph.Name} attends to an encoder's output, and none is set. Run the encoder first and call SetEncoded.");
        if (batch.Count > _options.ContextLength || (_memory.HasKeys && batch.Count > _memory.Cells.Free))
        {
            var free = _memory.HasKeys ? _memory.Cells.Free : _options.ContextLength;
            throw new ArchGenException($"The context is full: {batch.Count} tokens to evaluate, and {free} of {_options.ContextLength} places free. "
                + "Shorten the prompt, remove sequences, or choose a larger context.");
        }

        var last = _spanOfSequence;
        if (IsBidirectional) Array.Fill(last, -1);
        else _lastPositions.CopyTo(last, 0);
        foreach (var token in batch.Tokens)
        {
            if ((uint)token.Token >= (uint)limits.TokenIds)
                throw new ArchGenException($"Token id {token.Token} is not in the vocabulary; expected 0 to {limits.TokenIds - 1}.");
            CheckSequence(token.Sequence);
            if (token.Position <= last[token.Sequence])
            {
                throw new ArchGenException($"Position {token.Position} of sequence {token.Sequence} comes after position {last[token.Sequence]}; "
                    + "expected a later one. Truncate the sequence first to replace its tokens.");
            }

            if (token.Position >= limits.Positions)
                throw new ArchGenException($"Position {token.Position} is beyond the {limits.Positions} that the model has learned. Shorten the prompt.");
            last[token.Sequence] = token.Position;
        }

        if (!IsBidirectional) last.CopyTo(_lastPositions, 0);
    }

    private void CheckSequence(int sequence)
    {
        if ((uint)sequence >= (uint)_options.MaxSequences)
            throw new ArchGenException($"There is no sequence {sequence}; expected 0 to {_options.MaxSequences - 1}. Raise MaxSequences for more.");
    }

    private void ReserveOutputs(Batch batch)
    {
        if (_outputRows.Length < batch.Count) _outputRows = new int[Math.Max(batch.Count, 2 * _outputRows.Length)];
        Array.Fill(_outputRows, -1);
        var count = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            if (batch.Tokens[i].WantOutput) _outputRows[i] = count++;
        }

        if (count <= _outputCapacity) return;
        NativeMemory.Free(_outputs);
        _outputs = (float*)NativeMemory.Alloc((nuint)count * (nuint)Width, sizeof(float));
        _outputCapacity = count;
    }

    // The next micro-batch: as many tokens, and outputs, as the plan takes. Returns where the one after it begins.
    private int Fill(ReadOnlySpan<BatchToken> tokens, int begin)
    {
        var frame = _frame;
        frame.TokenCount = frame.OutputCount = frame.SpanCount = 0;
        Array.Fill(_spanOfSequence, -1);
        var end = begin;
        for (; end < tokens.Length && frame.TokenCount < _plan.Limits.Tokens; end++)
        {
            var token = tokens[end];
            if (token.WantOutput && frame.OutputCount == _plan.Limits.Outputs) break;
            var row = frame.TokenCount++;
            frame.Tokens[row] = token.Token;
            frame.Positions[row] = token.Position;
            frame.Cells[row] = _memory.HasKeys ? _memory.Cells.Append(token.Sequence, token.Position) : -1;
            if (token.WantOutput) frame.OutputRows[frame.OutputCount++] = row;
            ref var span = ref _spanOfSequence[token.Sequence];
            if (span < 0) frame.Spans[span = frame.SpanCount++] = new SequenceSpan(token.Sequence, 0, 0);
            frame.Spans[span] = frame.Spans[span] with { Count = frame.Spans[span].Count + 1 };
        }

        for (int i = 0, start = 0; i < frame.SpanCount; i++)
        {
            frame.Spans[i] = frame.Spans[i] with { Start = start };
            start += frame.Spans[i].Count;
            frame.Spans[i] = frame.Spans[i] with { Count = 0 };
        }

        for (var row = 0; row < frame.TokenCount; row++)
        {
            ref var span = ref frame.Spans[_spanOfSequence[tokens[begin + row].Sequence]];
            frame.Order[span.Start + span.Count] = row;
            frame.OrderedPositions[span.Start + span.Count] = frame.Positions[row];
            span = span with { Count = span.Count + 1 };
        }

        return end;
    }
}
