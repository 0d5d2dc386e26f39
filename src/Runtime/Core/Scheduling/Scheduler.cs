using System.Collections.Concurrent;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Sampling;
using ArchGen.Runtime.Speculation;
using ArchGen.Tokenizers;

namespace ArchGen.Runtime.Scheduling;

/// <summary>
/// Computes many answers together (continuous batching, Orca, OSDI 2022; chunked prompts, Sarathi-Serve, arXiv:2403.02310). Requests may come from any
/// thread; all else is done by the one that calls <see cref="Step"/>.
/// </summary>
internal sealed partial class Scheduler
{
    private readonly InferenceContext _context;
    private readonly Tokenizer? _tokenizer;
    private readonly EngineOptions _options;
    private readonly SamplerOptions _sampling;
    private readonly int _vocabulary;
    private readonly SamplerWorkspace _workspace;
    private readonly PrefixCache _cache;
    private readonly ConcurrentQueue<Submission> _submissions = new();
    private readonly ConcurrentQueue<Action> _work = new();
    private readonly WaitingList[] _waiting = [new(), new()];
    private readonly List<EngineSequence> _running;
    private readonly List<EngineSequence> _unread = [];
    private readonly Stack<int> _freeSlots = new();
    private readonly EngineCounters _counters = new();
    private readonly bool _drafts;
    private readonly IDraftSource? _draftModel;
    private long _order;
    private int _queuedAnswers;
    private long _queuedTokens;
    private int _paused;
    private int _interrupted;

    /// <summary>Creates a scheduler without requests.</summary>
    /// <param name="context">The context, which nothing else uses from now on. It has at least one more sequence than answers run at a time.</param>
    /// <param name="tokenizer">The tokenizer; null if no request wants text and no token ends an answer.</param>
    /// <param name="options">The options, of which those of the context's size are not used.</param>
    /// <param name="sampling">The sampler of requests that name none.</param>
    /// <param name="sequenceLength">Tokens of prompt and answer together at most.</param>
    /// <param name="checkpoints">The number of states that the context can save.</param>
    /// <param name="wake">Is called when a stream needs a step.</param>
    /// <param name="draftModel">The smaller model that drafts; null if drafts come from the text of an answer, or there are none.</param>
    public Scheduler(
        InferenceContext context, Tokenizer? tokenizer, EngineOptions options, SamplerOptions sampling, int sequenceLength, int checkpoints, Action wake,
        IDraftSource? draftModel = null)
    {
        _draftModel = draftModel;
        _drafts = !context.HasStates && (draftModel is not null || options.Speculation.Type == SpeculationType.NGram
            || (options.Speculation.Type == SpeculationType.Automatic && context.IsBatchInvariantByPhase));
        (_context, _tokenizer, _options, _sampling, Wake) = (context, tokenizer, options, sampling, wake);
        _vocabulary = Math.Min(context.Width, tokenizer?.Vocabulary.Count ?? int.MaxValue);
        _workspace = new SamplerWorkspace(_vocabulary);
        SequenceLength = Math.Min(Math.Min(sequenceLength, context.Cells.Capacity), context.MaxPositions);
        _cache = new PrefixCache(context, context.HasStates ? checkpoints : 0);
        _running = new List<EngineSequence>(options.MaxSequences);
        for (var slot = options.MaxSequences - 1; slot >= 0; slot--) _freeSlots.Push(slot);
    }

    /// <summary>Is called when a stream needs a step.</summary>
    public Action Wake { get; }

    /// <summary>Tokens of prompt and answer together at most.</summary>
    public int SequenceLength { get; }

    /// <summary>Tokens that one step computes at most.</summary>
    public int MaxBatch => _options.MaxBatch;

    /// <summary>Gets the last event of each answer that was given to its end, before its reader does.</summary>
    public Action<GenerationEvent>? AnswerEnded { get; set; }

    /// <summary>Whether no request is unfinished.</summary>
    public bool IsEmpty => _submissions.IsEmpty && _running.Count + _unread.Count + _waiting[0].Count + _waiting[1].Count == 0;

    /// <summary>The prefixes; for tests.</summary>
    internal PrefixCache Cache => _cache;

    /// <summary>Adds a request to the queue. Any thread may.</summary>
    /// <exception cref="RequestException">A value of the request is out of range.</exception>
    /// <exception cref="ContextFullException">The prompt is too long.</exception>
    /// <exception cref="QueueFullException">Too many requests wait.</exception>
    public GenerationStream Submit(GenerationRequest request, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        request.Check(_vocabulary, _context.AdapterSets);
        CheckSampling(request.Sampling ?? _sampling);
        if (request.WantsText && _tokenizer is null)
            throw new RequestException("The model has no vocabulary, so answers have no text. Set WantsText to false.");
        if (request.Prompt.Length > SequenceLength)
        {
            throw new ContextFullException($"The prompt has {request.Prompt.Length} tokens; a prompt and its answer may have {SequenceLength}. "
                + "Shorten the prompt, or choose a larger sequence length and enough cells for it.")
            {
                Tokens = request.Prompt.Length,
                Limit = SequenceLength,
            };
        }

        var capacity = _options.MaxQueuedAnswers + _options.MaxSequences;
        if (request.Answers > capacity)
            throw new RequestException($"{request.Answers} answers are requested; expected at most {capacity}, as many as may run and wait.");
        if (request.Constraint is { } constraint) request = request with { Constraint = constraint.Fork() };
        Enqueue(request);
        var stream = new GenerationStream(request.Answers, _options.MaxUnreadEvents, Wake);
        _submissions.Enqueue(new Submission(stream, request));
        if (cancellation.CanBeCanceled) stream.CancelWith(cancellation);
        Wake();
        return stream;
    }

    /// <summary>Runs something between two steps. Any thread may ask for it.</summary>
    public void Run(Action work)
    {
        _work.Enqueue(work);
        Wake();
    }

    /// <summary>Does one step: takes requests, drops cancelled ones, and computes one batch.</summary>
    /// <param name="cancellation">Ends the batch between two operations.</param>
    /// <returns>Whether something was done; otherwise nothing is to be done until <see cref="Wake"/> is called.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public bool Step(CancellationToken cancellation = default)
    {
        while (_work.TryDequeue(out var work)) work();
        TakeSubmissions();
        DropCancelled();
        FlushUnread();
        var changes = _counters.Preemptions + _counters.FinishedAnswers + _counters.FailedAnswers;
        Admit();
        Schedule();
        if (_scheduled.Count > 0 && Evaluate(cancellation)) Collect();
        // An answer that was interrupted may be begun again in the next step.
        return _scheduled.Count > 0 || changes != _counters.Preemptions + _counters.FinishedAnswers + _counters.FailedAnswers;
    }

    /// <summary>Does what was to be run, and ends all requests. The scheduler and its context are not used afterwards.</summary>
    public void Fail(Exception error)
    {
        while (_work.TryDequeue(out var work)) work();
        TakeSubmissions();
        var sequences = new List<EngineSequence>([.. _running, .. _unread]);
        foreach (var list in _waiting)
        {
            for (var i = 0; i < list.Count; i++) sequences.Add(list[i]);
        }

        foreach (var sequence in sequences)
        {
            if (error is OperationCanceledException) _counters.CancelledAnswers++;
            else _counters.FailedAnswers++;
            Complete(sequence, error);
        }
    }

    private void CheckSampling(SamplerOptions options)
    {
        SamplerOptionsCheck.Check(options, _vocabulary);
        if (_tokenizer is null && (options.IgnoreEndOfGeneration || (options.HasDry && options.DryBreakers.Count > 0)))
            throw new RequestException("The model has no vocabulary: it cannot ignore tokens that end a text, and DRY has no sequence breakers.");
    }

    private void Enqueue(GenerationRequest request)
    {
        var answers = request.Answers;
        var waiting = Interlocked.Add(ref _queuedAnswers, answers) - answers;
        if (waiting + answers > _options.MaxQueuedAnswers + _freeSlots.Count)
        {
            Interlocked.Add(ref _queuedAnswers, -answers);
            Interlocked.Increment(ref _counters.RefusedRequests);
            throw new QueueFullException($"{waiting} answers wait to be begun, and no more may. Try again later, or raise MaxQueuedAnswers.", waiting);
        }

        Interlocked.Add(ref _queuedTokens, (long)answers * request.Prompt.Length);
        Interlocked.Increment(ref _counters.Requests);
    }

    private void Dequeue(EngineSequence sequence)
    {
        Interlocked.Decrement(ref _queuedAnswers);
        Interlocked.Add(ref _queuedTokens, -sequence.Request.Prompt.Length);
    }

    private void TakeSubmissions()
    {
        while (_submissions.TryDequeue(out var submission))
        {
            for (var answer = 0; answer < submission.Request.Answers; answer++)
                _waiting[(int)submission.Request.Priority].Insert(new EngineSequence(submission.Stream, submission.Request, answer, _order++));
        }
    }

    private void DropCancelled()
    {
        foreach (var list in _waiting)
        {
            for (var i = list.Count - 1; i >= 0; i--)
            {
                if (list[i].Stream.IsCancelled) Cancel(list[i]);
            }
        }

        for (var i = _running.Count - 1; i >= 0; i--)
        {
            if (_running[i].Stream.IsCancelled) Cancel(_running[i]);
        }

        for (var i = _unread.Count - 1; i >= 0; i--)
        {
            var sequence = _unread[i];
            if (!sequence.Stream.IsCancelled) continue;
            _unread.RemoveAt(i);
            Complete(sequence, new OperationCanceledException("The request was cancelled."));
        }
    }

    // Events that could not be written, because the reader had not read the earlier ones.
    private void FlushUnread()
    {
        var paused = 0;
        foreach (var list in _waiting)
        {
            for (var i = 0; i < list.Count; i++)
            {
                if (!list[i].Flush()) paused++;
            }
        }

        foreach (var sequence in _running)
        {
            if (!sequence.Flush()) paused++;
        }

        _paused = paused;
        for (var i = _unread.Count - 1; i >= 0; i--)
        {
            var sequence = _unread[i];
            if (!sequence.Flush()) continue;
            _unread.RemoveAt(i);
            Complete(sequence, null);
        }
    }

    private sealed record Submission(GenerationStream Stream, GenerationRequest Request);
}
