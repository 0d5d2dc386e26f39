namespace ArchGen.Grammars;

/// <summary>
/// What the last requests needed, by a key: clients send the same tools and schemas again, and what a grammar found out makes it faster. Safe for concurrent
/// use.
/// </summary>
/// <param name="capacity">The number of values that are kept, at least 1.</param>
internal sealed class RecentlyUsed<T>(int capacity)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<(string Key, T Value)> _recent = [];

    /// <summary>The value of a key, made if it is not kept.</summary>
    public T GetOrMake(string key, Func<T> make)
    {
        lock (_lock)
        {
            for (var node = _recent.First; node is not null; node = node.Next)
            {
                if (node.Value.Key != key) continue;
                _recent.Remove(node);
                _recent.AddFirst(node);
                return node.Value.Value;
            }
        }

        // Outside of the lock: a large schema takes a while.
        var made = make();
        lock (_lock)
        {
            _recent.AddFirst((key, made));
            if (_recent.Count > capacity) _recent.RemoveLast();
        }

        return made;
    }
}
