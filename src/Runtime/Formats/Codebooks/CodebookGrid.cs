namespace ArchGen.Formats.Codebooks;

/// <summary>The codebook of a type for a few neighbouring numbers: digits d of an entry mean odd numbers 2d + 1.</summary>
internal sealed class CodebookGrid
{
    private readonly int _bits, _shells;
    private readonly byte[] _digits;
    private readonly short[] _entries;
    private readonly ushort[]?[] _neighbours;

    /// <param name="packedEntries">The entries' digits, packed.</param>
    /// <param name="dimensions">Digits of an entry.</param>
    /// <param name="bits">Bits of a digit.</param>
    /// <param name="shells">The number of different distances that count as near.</param>
    public CodebookGrid(ReadOnlySpan<ushort> packedEntries, int dimensions, int bits, int shells)
    {
        (Dimensions, Count, _bits, _shells) = (dimensions, packedEntries.Length, bits, shells);
        _digits = new byte[packedEntries.Length * dimensions];
        _entries = new short[1 << (dimensions * bits)];
        _neighbours = new ushort[]?[_entries.Length];
        Array.Fill(_entries, (short)-1);
        for (var entry = 0; entry < packedEntries.Length; entry++)
        {
            _entries[packedEntries[entry]] = (short)entry;
            for (var i = 0; i < dimensions; i++) _digits[(entry * dimensions) + i] = (byte)(packedEntries[entry] >> (i * bits) & ((1 << bits) - 1));
        }
    }

    /// <summary>Numbers of an entry.</summary>
    public int Dimensions { get; }

    /// <summary>The number of entries.</summary>
    public int Count { get; }

    /// <summary>The digits of an entry.</summary>
    public ReadOnlySpan<byte> Digits(int entry) => _digits.AsSpan(entry * Dimensions, Dimensions);

    /// <summary>The entry with these digits, or -1.</summary>
    public int Find(ReadOnlySpan<byte> digits) => _entries[Pack(digits)];

    /// <summary>The entries nearest to digits that are no entry: those at the least few distances, nearest first.</summary>
    public ReadOnlySpan<ushort> Near(ReadOnlySpan<byte> digits)
    {
        var packed = Pack(digits);
        // Two threads may find the same; what either of them stores is right.
        return Volatile.Read(ref _neighbours[packed]) ?? FindNear(packed);
    }

    private ushort[] FindNear(int packed)
    {
        Span<(int Distance, int Entry)> all = new (int, int)[Count];
        for (var entry = 0; entry < Count; entry++)
        {
            var distance = 0;
            for (var i = 0; i < Dimensions; i++)
            {
                var difference = 2 * (_digits[(entry * Dimensions) + i] - (packed >> (i * _bits) & ((1 << _bits) - 1)));
                distance += difference * difference;
            }

            all[entry] = (distance, entry);
        }

        all.Sort();
        int count = 0, shells = 1;
        for (; count < all.Length; count++)
        {
            if (count > 0 && all[count].Distance > all[count - 1].Distance && shells++ == _shells) break;
        }

        var near = new ushort[count];
        for (var i = 0; i < count; i++) near[i] = (ushort)all[i].Entry;
        Volatile.Write(ref _neighbours[packed], near);
        return near;
    }

    private int Pack(ReadOnlySpan<byte> digits)
    {
        var packed = 0;
        for (var i = 0; i < digits.Length; i++) packed |= digits[i] << (i * _bits);
        return packed;
    }
}
