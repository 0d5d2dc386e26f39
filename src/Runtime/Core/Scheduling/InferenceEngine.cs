using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Sampling;
using ArchGen.Runtime.Speculation;
using ArchGen.Tokenizers;

namespace ArchGen.Runtime.Scheduling;

/// <summary>
/// Answers many requests at the same time with one model and one context, which a thread of its own runs. Beginnings that prompts have in common are computed
/// once. Safe for concurrent callers.
/// <code>
/// using var model = LoadedModel.Open("model.gguf", Catalog.All);
/// using var engine = new InferenceEngine(model, new CpuBackend());
/// var stream = engine.Submit(new GenerationRequest { Prompt = model.Tokenizer.Encode("Once upon a time", addSpecial: true, parseSpecial: false) });
/// await foreach (var next in stream) Console.Write(next.Text);
/// </code>
/// </summary>
public sealed class InferenceEngine : IDisposable
{
    private readonly LoadedModel _model;
    private readonly InferenceContext _context;
    private readonly Scheduler _scheduler;
    private readonly EngineSizes _sizes;
    private readonly ModelDraftSource? _draftModel;
    private readonly Thread _thread;
    private readonly AutoResetEvent _signal = new(initialState: false);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private Exception? _failure;
    private bool _isClosed;
    private bool _isDisposed;

    /// <summary>Prepares a model to answer, and starts the thread.</summary>
    /// <param name="model">The model, which must stay open.</param>
    /// <param name="backend">The backend.</param>
    /// <param name="options">The sizes and limits; null for the defaults.</param>
    /// <exception cref="RequestException">The model does not generate text from a prompt alone, or an option is out of range.</exception>
    /// <exception cref="DeviceException">There is not enough memory, or there are fewer threads than requested.</exception>
    public InferenceEngine(LoadedModel model, IBackend backend, EngineOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(backend);
        options ??= new();
        options.Check();
        _model = model;
        if (model.EncoderGraph is not null)
        {
            throw new RequestException($"{model.File.Name}: {model.Architecture.Name} has an encoder, which the engine does not run. "
                + "Use TextGenerator, or a model without an encoder.");
        }

        // One more sequence than answers: files are read into it.
        var sequences = options.MaxSequences + 1;
        var free = MemoryBudget.FreeBytes();
        var weights = model.File.Tensors.Sum(tensor => tensor.ByteLength);
        _sizes = EngineSizes.Choose(model.Graph, model.TrainedContextLength, options, sequences, Math.Max(free / 8, (free - weights) / 2));
        var contextOptions = _sizes.Context(backend, options, sequences);
        _context = model.CreateContext(contextOptions);
        try
        {
            if (_context.IsBidirectional || _context.Width != model.Model.Vocab)
            {
                throw new RequestException(
                    $"{model.File.Name}: {model.Architecture.Name} gives embeddings and does not generate text. Make them with 'archgen embed'.");
            }

            if (!_context.HasStates && options.Speculation.Type == SpeculationType.Draft)
                _draftModel = Speculator.DraftModel(model, contextOptions with { ContextLength = _sizes.SequenceLength }, options.Speculation);
            // The plan may be smaller than requested.
            options = options with { MaxBatch = Math.Min(options.MaxBatch, _sizes.Cells) };
            var sampling = options.Sampling ?? SamplerOptions.Of(model.File.Metadata);
            _scheduler = new Scheduler(_context, TokenizerOf(model), options, sampling, _sizes.SequenceLength, _sizes.Checkpoints, Wake, _draftModel)
            {
                AnswerEnded = last => AnswerEnded?.Invoke(last),
            };
        }
        catch
        {
            _draftModel?.Dispose();
            _context.Dispose();
            throw;
        }

        _thread = new Thread(Loop) { IsBackground = true, Name = "ArchGen engine" };
        _thread.Start();
    }

    /// <summary>The model.</summary>
    public LoadedModel Model => _model;

    /// <summary>Tokens of prompt and answer together at most.</summary>
    public int SequenceLength => _scheduler.SequenceLength;

    /// <summary>Tokens that one step computes at most.</summary>
    internal int MaxBatch => _scheduler.MaxBatch;

    /// <summary>Whether the model is recurrent, so that boundaries of messages matter.</summary>
    internal bool HasStates => _context.HasStates;

    /// <summary>What the engine does and has done.</summary>
    public EngineMetrics Metrics => _scheduler.Metrics with { MemoryBytes = _sizes.Bytes, MemoryLimitBytes = _sizes.LimitBytes };

    /// <summary>
    /// Gets the last event of each answer that was given to its end, before its reader does, for measurements. It is called by the thread of the engine, or
    /// by that of a reader which finds a stop text: it must be quick, and must not throw.
    /// </summary>
    public event Action<GenerationEvent>? AnswerEnded;

    /// <summary>Reports the end of an answer that its reader has found, such as a stop text.</summary>
    internal void ReportEnd(GenerationEvent last) => AnswerEnded?.Invoke(last);

    /// <summary>Adds a request to the queue.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellation">Cancels it.</param>
    /// <returns>The events of its answers.</returns>
    /// <exception cref="RequestException">A value of the request is out of range.</exception>
    /// <exception cref="ContextFullException">The prompt is longer than <see cref="SequenceLength"/>.</exception>
    /// <exception cref="QueueFullException">Too many requests wait.</exception>
    /// <exception cref="DeviceException">The engine has failed, or is being shut down.</exception>
    /// <exception cref="ObjectDisposedException">The engine was disposed.</exception>
    public GenerationStream Submit(GenerationRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        lock (_gate)
        {
            RequireOpen();
            return _scheduler.Submit(request, cancellation);
        }
    }

    /// <summary>
    /// Writes what the prefix cache has of the longest cached beginning of tokens to a file, whole or not at all. Answers wait meanwhile.
    /// </summary>
    /// <param name="tokens">The tokens of a conversation.</param>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="adapterSet">The set of adapters of the conversation: see <see cref="GenerationRequest.AdapterSet"/>.</param>
    /// <returns>The number of tokens in the file.</returns>
    /// <exception cref="RequestException">No beginning of the tokens is cached, or there is no such set.</exception>
    /// <exception cref="ArchGenException">The file cannot be written.</exception>
    public Task<int> SaveAsync(ReadOnlyMemory<int> tokens, string path, int adapterSet = 0) =>
        RunAsync(() => _scheduler.Save(tokens.Span, path, adapterSet));

    /// <summary>Adds what <see cref="SaveAsync"/> wrote to the prefix cache. Answers wait meanwhile.</summary>
    /// <param name="path">The file.</param>
    /// <param name="adapterSet">The set of adapters of the conversation.</param>
    /// <returns>Its tokens: a prompt that begins with them need not compute them.</returns>
    /// <exception cref="ModelFileException">The file cannot be read, is damaged, or is of another model or cache.</exception>
    /// <exception cref="ContextFullException">Running answers have too many cells.</exception>
    public Task<int[]> RestoreAsync(string path, int adapterSet = 0) => RunAsync(() => _scheduler.Restore(path, adapterSet));

    /// <summary>Removes what the prefix cache has of a conversation, but for beginnings that others have in common with it.</summary>
    /// <param name="tokens">The tokens of the conversation.</param>
    /// <param name="adapterSet">The set of adapters of the conversation.</param>
    /// <returns>The number of tokens that were removed.</returns>
    public Task<int> ForgetAsync(ReadOnlyMemory<int> tokens, int adapterSet = 0) => RunAsync(() => _scheduler.Forget(tokens.Span, adapterSet));

    /// <summary>Takes no more requests, and waits until all that are there have been answered and read.</summary>
    /// <param name="cancellation">Ends the waiting; requests that are left go on until the engine is disposed.</param>
    public Task DrainAsync(CancellationToken cancellation = default)
    {
        lock (_gate) _isClosed = true;
        Wake();
        return _ended.Task.WaitAsync(cancellation);
    }

    /// <summary>Cancels all requests, and ends the thread.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed) return;
            _isDisposed = _isClosed = true;
        }

        _stop.Cancel();
        Wake();
        _thread.Join();
        _draftModel?.Dispose();
        _context.Dispose();
        _stop.Dispose();
    }

    private Task<T> RunAsync<T>(Func<T> work)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            RequireOpen();
            _scheduler.Run(() =>
            {
                try
                {
                    completion.SetResult(work());
                }
                catch (Exception error)
                {
                    completion.SetException(error);
                }
            });
        }

        return completion.Task;
    }

    // Without a vocabulary, requests have no text.
    private static Tokenizer? TokenizerOf(LoadedModel model) => model.HasVocabulary ? model.Tokenizer : null;

    private void Wake() => _signal.Set();

    private void RequireOpen()
    {
        if (_failure is not null) throw new DeviceException($"The engine has failed and takes no requests: {_failure.Message}", _failure);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_isClosed) throw new DeviceException("The engine is being shut down and takes no requests.");
    }

    private void Loop()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                if (_scheduler.Step(_stop.Token)) continue;
                lock (_gate)
                {
                    if (_isClosed && _scheduler.IsEmpty) break;
                }

                _signal.WaitOne();
            }
        }
        catch (Exception error)
        {
            if (error is not OperationCanceledException) _failure = error;
        }

        lock (_gate) _isClosed = true;
        _scheduler.Fail(_failure ?? new OperationCanceledException("The engine was disposed."));
        _ended.TrySetResult();
    }
}
