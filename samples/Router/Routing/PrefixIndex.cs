namespace ArchGen.Samples.Router.Routing;

/// <summary>
/// The blocks of prompts that a replica is believed to have in its cache. The hash of a block covers all blocks before it, so that a set of hashes is a tree
/// of prefixes. Blocks that were not used for the longest time are dropped first, the end of a prompt before its beginning. Not safe for concurrent use.
/// </summary>
/// <param name="capacity">Blocks at most, at least 1.</param>
public sealed class PrefixIndex(int capacity)
{
    private readonly Dictionary<ulong, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = [];
    private long _uses;

    /// <summary>Blocks that it has.</summary>
    public int Count => _entries.Count;

    /// <summary>Blocks that it keeps at most. A smaller number drops blocks when the next are added.</summary>
    public int Capacity { get; set; } = capacity;

    /// <summary>The number of blocks at the beginning of a prompt that it has.</summary>
    /// <param name="chain">The hashes of the prompt's blocks.</param>
    /// <param name="lastUse">When the last of them was used, for <see cref="DropUntil"/>; 0 if there is none.</param>
    public int Match(ReadOnlySpan<ulong> chain, out long lastUse)
    {
        lastUse = 0;
        for (var i = 0; i < chain.Length; i++)
        {
            if (!_entries.TryGetValue(chain[i], out var node)) return i;
            lastUse = node.Value.Use;
        }

        return chain.Length;
    }

    /// <summary>Adds the blocks of a prompt, and marks those that it has as used.</summary>
    public void Add(ReadOnlySpan<ulong> chain)
    {
        _uses++;
        // What does not fit would be dropped at once: the beginning of the prompt is kept.
        var length = Math.Min(chain.Length, Capacity);
        for (var i = length - 1; i >= 0; i--)
        {
            if (_entries.TryGetValue(chain[i], out var node)) _byUse.Remove(node);
            else _entries[chain[i]] = node = new LinkedListNode<Entry>(default);
            node.Value = new Entry(chain[i], _uses, node.Value.Following);
            _byUse.AddLast(node);
        }

        while (Count > Capacity) DropFirst();
    }

    /// <summary>The number of blocks of the answer that followed a block; 0 if that is not known. Their hashes are not known, either.</summary>
    public int Following(ulong hash) => _entries.TryGetValue(hash, out var node) ? node.Value.Following : 0;

    /// <summary>Notes that an answer followed a block.</summary>
    public void Follow(ulong hash, int blocks)
    {
        if (_entries.TryGetValue(hash, out var node)) node.Value = node.Value with { Following = blocks };
    }

    /// <summary>Drops all blocks that were last used at a time or before: a cache that no longer has a block has none of those that are older.</summary>
    public void DropUntil(long use)
    {
        while (_byUse.First is { } first && first.Value.Use <= use) DropFirst();
    }

    /// <summary>Drops all blocks.</summary>
    public void Clear()
    {
        _entries.Clear();
        _byUse.Clear();
    }

    private void DropFirst()
    {
        _entries.Remove(_byUse.First!.Value.Hash);
        _byUse.RemoveFirst();
    }

    private readonly record struct Entry(ulong Hash, long Use, int Following);
}
