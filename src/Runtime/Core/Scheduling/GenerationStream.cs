using System.Threading.Channels;

namespace ArchGen.Runtime.Scheduling;

/// <summary>
/// The events of a request, in order, for one reader. Leaving <c>await foreach</c> early cancels the request. A reader that does not read makes its answers
/// pause; others go on.
/// </summary>
/// <remarks>For one caller at a time.</remarks>
public sealed class GenerationStream : IAsyncEnumerable<GenerationEvent>, IDisposable
{
    private readonly Channel<GenerationEvent> _events;
    private readonly Action _wake;
    private readonly int[] _ended; // of each answer, 1 once its end is reported
    private CancellationTokenRegistration _registration;
    private volatile bool _isCancelled;
    private volatile bool _isWriterWaiting;

    /// <summary>Creates a stream.</summary>
    /// <param name="answers">The number of answers.</param>
    /// <param name="capacity">Events that wait for the reader at most.</param>
    /// <param name="wake">Wakes the engine.</param>
    internal GenerationStream(int answers, int capacity, Action wake)
    {
        (UnfinishedAnswers, _ended, _wake) = (answers, new int[answers], wake);
        _events = Channel.CreateBounded<GenerationEvent>(new BoundedChannelOptions(capacity) { SingleReader = true, SingleWriter = true });
    }

    /// <summary>Answers that have not ended, or whose end is not written. Used by the thread of the engine alone.</summary>
    internal int UnfinishedAnswers { get; set; }

    /// <summary>
    /// Whether the end of an answer is to be reported now: the first time. Its reader may find a stop text before the engine ends it, or while the engine's
    /// last events wait.
    /// </summary>
    internal bool TryEnd(int answer) => Interlocked.Exchange(ref _ended[answer], 1) == 0;

    /// <summary>Whether nobody wants the events any more.</summary>
    internal bool IsCancelled => _isCancelled;

    /// <summary>Cancels the request: whether it waits, its prompt is computed, or it is answered, it ends before the engine's next step.</summary>
    public void Cancel()
    {
        if (_isCancelled) return;
        _isCancelled = true;
        _wake();
    }

    /// <summary>The events. The last one of each answer has the reason for its end.</summary>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="ArchGenException">The request failed: see the message.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled, or the engine was disposed.</exception>
    public async IAsyncEnumerator<GenerationEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        try
        {
            while (await _events.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                while (TryRead(out var next)) yield return next;
            }
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Cancels the request if it has not ended.</summary>
    public void Dispose()
    {
        _registration.Dispose();
        if (!_events.Reader.Completion.IsCompleted) Cancel();
    }

    /// <summary>Cancels the request with a token.</summary>
    internal void CancelWith(CancellationToken cancellation) =>
        _registration = cancellation.UnsafeRegister(static stream => ((GenerationStream)stream!).Cancel(), this);

    /// <summary>Reads an event that is there.</summary>
    internal bool TryRead(out GenerationEvent next)
    {
        if (!_events.Reader.TryRead(out next)) return false;
        if (!_isWriterWaiting) return true;
        _isWriterWaiting = false;
        _wake();
        return true;
    }

    /// <summary>Writes an event; false if too many are not read. The engine is woken when one is.</summary>
    internal bool TryWrite(in GenerationEvent next)
    {
        if (_events.Writer.TryWrite(next)) return true;
        _isWriterWaiting = true;
        return _events.Writer.TryWrite(next);
    }

    /// <summary>Ends the stream.</summary>
    /// <param name="error">The reason if it failed or was cancelled; null if all answers ended.</param>
    internal void Complete(Exception? error)
    {
        _registration.Dispose();
        _events.Writer.TryComplete(error);
    }
}
