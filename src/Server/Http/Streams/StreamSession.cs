namespace ArchGen.Server.Http.Streams;

/// <summary>
/// The events of an answer that goes on without its connection, for readers who come back. The first of them are dropped when there are too many. Safe for
/// concurrent use.
/// </summary>
/// <param name="owner">Whose it is: the number of a key, or nothing.</param>
/// <param name="id">The conversation.</param>
/// <param name="connection">Cancelled when the client has gone that asked for the answer.</param>
/// <param name="capacity">Bytes that are kept at most.</param>
/// <param name="clock">The clock.</param>
internal sealed class StreamSession(string owner, string id, CancellationToken connection, int capacity, TimeProvider clock) : IDisposable
{
    private const int Least = 4096;

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _cancellation = new();
    private byte[] _bytes = [];
    private int _count;
    private long _dropped;
    private TaskCompletionSource _more = NewSignal();

    /// <summary>Whose it is.</summary>
    public string Owner => owner;

    /// <summary>The conversation.</summary>
    public string Id => id;

    /// <summary>Cancelled when the client has gone that asked for the answer.</summary>
    public CancellationToken Connection => connection;

    /// <summary>Ends the answer.</summary>
    public CancellationToken Cancellation => _cancellation.Token;

    /// <summary>When it began.</summary>
    public DateTimeOffset Started { get; } = clock.GetUtcNow();

    /// <summary>When it ended; null while it goes on.</summary>
    public DateTimeOffset? Ended { get; private set; }

    /// <summary>Bytes of all events, also of those that were dropped.</summary>
    public long Length
    {
        get
        {
            lock (_gate) return _dropped + _count;
        }
    }

    /// <summary>Bytes that are kept.</summary>
    public int Kept => Volatile.Read(ref _count);

    /// <summary>Adds the bytes of an event.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        TaskCompletionSource signal;
        lock (_gate)
        {
            if (Ended is not null) return;
            MakeRoom(bytes.Length);
            var kept = bytes[Math.Max(0, bytes.Length - capacity)..];
            _dropped += bytes.Length - kept.Length;
            kept.CopyTo(_bytes.AsSpan(_count));
            _count += kept.Length;
            (signal, _more) = (_more, NewSignal());
        }

        signal.SetResult();
    }

    /// <summary>Says that no more follows.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            if (Ended is not null) return;
            Ended = clock.GetUtcNow();
        }

        _more.TrySetResult();
    }

    /// <summary>Ends the answer, and its readers.</summary>
    public void Cancel()
    {
        _cancellation.Cancel();
        Complete();
    }

    /// <summary>Reads what there is from a place on; waits if there is nothing yet.</summary>
    /// <param name="from">The number of bytes before it.</param>
    /// <param name="buffer">Gets the bytes.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>The number of bytes; 0 at the end; -1 if they were dropped.</returns>
    public async ValueTask<int> ReadAsync(long from, Memory<byte> buffer, CancellationToken cancellation)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (from < _dropped) return -1;
                if (from < _dropped + _count)
                {
                    var rest = _bytes.AsSpan((int)(from - _dropped), (int)(_dropped + _count - from));
                    rest = rest[..Math.Min(rest.Length, buffer.Length)];
                    rest.CopyTo(buffer.Span);
                    return rest.Length;
                }

                if (Ended is not null) return 0;
                more = _more.Task;
            }

            await more.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _cancellation.Dispose();

    // A quarter is dropped at once, so that bytes are seldom moved.
    private void MakeRoom(int length)
    {
        if (_count + length > capacity)
        {
            var drop = Math.Min(_count, Math.Max(_count + length - capacity, capacity / 4));
            _bytes.AsSpan(drop, _count - drop).CopyTo(_bytes);
            _count -= drop;
            _dropped += drop;
        }

        var needed = Math.Min(capacity, _count + length);
        if (needed > _bytes.Length) Array.Resize(ref _bytes, Math.Min(capacity, Math.Max(Math.Max(needed, Least), _bytes.Length * 2)));
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
