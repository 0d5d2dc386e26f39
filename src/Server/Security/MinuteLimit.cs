namespace ArchGen.Server.Security;

/// <summary>How many requests each caller may begin in a minute. Safe for concurrent use.</summary>
/// <param name="limit">Requests in any minute, at least 1.</param>
/// <param name="clock">The clock.</param>
internal sealed class MinuteLimit(int limit, TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<long>> _begun = new(StringComparer.Ordinal);
    private long _swept = clock.GetTimestamp();

    /// <summary>Callers that are remembered.</summary>
    public int Callers
    {
        get
        {
            lock (_gate) return _begun.Count;
        }
    }

    /// <summary>Counts a request.</summary>
    /// <returns>Null if it may begin; otherwise the time after which one may.</returns>
    public TimeSpan? Take(string caller)
    {
        lock (_gate)
        {
            Sweep();
            if (!_begun.TryGetValue(caller, out var times)) _begun[caller] = times = new Queue<long>();
            DropOld(times);
            if (times.Count >= limit) return Window - clock.GetElapsedTime(times.Peek());
            times.Enqueue(clock.GetTimestamp());
            return null;
        }
    }

    // Callers that have gone must not be remembered for ever.
    private void Sweep()
    {
        if (clock.GetElapsedTime(_swept) < Window) return;
        _swept = clock.GetTimestamp();
        foreach (var (caller, times) in _begun)
        {
            DropOld(times);
            if (times.Count == 0) _begun.Remove(caller);
        }
    }

    private void DropOld(Queue<long> times)
    {
        while (times.TryPeek(out var time) && clock.GetElapsedTime(time) >= Window) times.Dequeue();
    }
}
