using System.Numerics;
using System.Runtime.CompilerServices;

namespace ArchGen.Tokenizers;

/// <summary>Merges by the two symbols that they join: a hash table with open addressing, as this is where byte-pair encoding spends its time.</summary>
internal sealed class PairTable(int capacity)
{
    private readonly Entry[] _entries = new Entry[BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, capacity * 2))];

    private record struct Entry(ulong Key, int Rank, int Id);

    /// <summary>Adds a merge, unless the pair has one: the first one counts.</summary>
    /// <param name="pair">The numbers of two symbols, none negative.</param>
    public void TryAdd((int Left, int Right) pair, (int Rank, int Id) merge)
    {
        ref var entry = ref Locate(KeyOf(pair));
        if (entry.Key == 0) entry = new(KeyOf(pair), merge.Rank, merge.Id);
    }

    /// <summary>Finds the merge of a pair. A symbol without a number, -1, has none.</summary>
    public bool TryGet((int Left, int Right) pair, out int rank, out int id)
    {
        var entry = (pair.Left | pair.Right) < 0 ? default : Locate(KeyOf(pair));
        (rank, id) = (entry.Rank, entry.Id);
        return entry.Key != 0;
    }

    // One is added so that no key is zero, which marks a free entry.
    private static ulong KeyOf((int Left, int Right) pair) => (((ulong)(uint)pair.Left << 32) | (uint)pair.Right) + 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ref Entry Locate(ulong key)
    {
        var mask = (uint)_entries.Length - 1;
        for (var slot = (uint)SeededHash.Mix(key) & mask; ; slot = (slot + 1) & mask)
        {
            ref var entry = ref _entries[slot];
            if (entry.Key == key || entry.Key == 0) return ref entry;
        }
    }
}
