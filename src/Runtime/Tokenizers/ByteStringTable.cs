using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace ArchGen.Tokenizers;

/// <summary>
/// Numbers distinct byte strings: a hash table with open addressing over one block of bytes, so that a vocabulary of 250 000 tokens is a handful of
/// allocations and a look-up needs no copy of its key.
/// </summary>
internal sealed class ByteStringTable
{
    private readonly List<Entry> _entries;
    private byte[] _bytes;
    private int _length;
    private int[] _slots; // index into _entries, plus one; zero is free

    public ByteStringTable(int capacity)
    {
        _entries = new(capacity);
        _bytes = new byte[Math.Max(16, capacity * 8)];
        _slots = new int[SlotsFor(capacity)];
    }

    private readonly record struct Entry(int Start, int Length, int Hash, int Value);

    /// <summary>The length of the longest key, in bytes.</summary>
    public int LongestKey { get; private set; }

    /// <summary>The value of a key, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Find(ReadOnlySpan<byte> key)
    {
        if (key.Length > LongestKey) return -1;
        var slot = Locate(key, Hash(key));
        return _slots[slot] == 0 ? -1 : _entries[_slots[slot] - 1].Value;
    }

    /// <summary>Sets the value of a key, replacing an earlier one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Set(ReadOnlySpan<byte> key, int value)
    {
        var hash = Hash(key);
        var slot = Locate(key, hash);
        if (_slots[slot] != 0)
        {
            _entries[_slots[slot] - 1] = _entries[_slots[slot] - 1] with { Value = value };
            return;
        }

        if (_length + key.Length > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_length + key.Length, _bytes.Length * 2));
        key.CopyTo(_bytes.AsSpan(_length));
        _entries.Add(new(_length, key.Length, hash, value));
        _length += key.Length;
        LongestKey = Math.Max(LongestKey, key.Length);
        _slots[slot] = _entries.Count;
        if (_entries.Count * 2 > _slots.Length) Grow();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Locate(ReadOnlySpan<byte> key, int hash)
    {
        var mask = _slots.Length - 1;
        for (var slot = hash & mask; ; slot = (slot + 1) & mask)
        {
            if (_slots[slot] == 0) return slot;
            var entry = _entries[_slots[slot] - 1];
            if (entry.Hash == hash && key.SequenceEqual(_bytes.AsSpan(entry.Start, entry.Length))) return slot;
        }
    }

    private void Grow()
    {
        _slots = new int[_slots.Length * 2];
        var mask = _slots.Length - 1;
        for (var i = 0; i < _entries.Count; i++)
        {
            var slot = _entries[i].Hash & mask;
            while (_slots[slot] != 0) slot = (slot + 1) & mask;
            _slots[slot] = i + 1;
        }
    }

    private static int SlotsFor(int capacity) => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, capacity * 2 + 2));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Hash(ReadOnlySpan<byte> key)
    {
        var hash = (ulong)key.Length;
        for (; key.Length >= 8; key = key[8..]) hash = SeededHash.Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(key));
        if (key.Length >= 4)
        {
            hash = SeededHash.Mix(hash ^ BinaryPrimitives.ReadUInt32LittleEndian(key));
            key = key[4..];
        }

        ulong rest = 0;
        foreach (var value in key) rest = (rest << 8) | value;
        return (int)SeededHash.Mix(hash ^ rest);
    }
}
