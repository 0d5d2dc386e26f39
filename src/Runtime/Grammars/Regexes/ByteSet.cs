using System.Numerics;

namespace ArchGen.Grammars.Regexes;

/// <summary>A set of bytes: 256 bits.</summary>
internal readonly struct ByteSet : IEquatable<ByteSet>
{
    private readonly ulong _bits0;
    private readonly ulong _bits1;
    private readonly ulong _bits2;
    private readonly ulong _bits3;

    private ByteSet(ulong bits0, ulong bits1, ulong bits2, ulong bits3) => (_bits0, _bits1, _bits2, _bits3) = (bits0, bits1, bits2, bits3);

    /// <summary>All 256 bytes.</summary>
    public static ByteSet All { get; } = new(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue);

    public bool IsEmpty => (_bits0 | _bits1 | _bits2 | _bits3) == 0;

    public int Count => BitOperations.PopCount(_bits0) + BitOperations.PopCount(_bits1) + BitOperations.PopCount(_bits2) + BitOperations.PopCount(_bits3);

    public static ByteSet operator |(ByteSet a, ByteSet b) => new(a._bits0 | b._bits0, a._bits1 | b._bits1, a._bits2 | b._bits2, a._bits3 | b._bits3);

    public static ByteSet operator &(ByteSet a, ByteSet b) => new(a._bits0 & b._bits0, a._bits1 & b._bits1, a._bits2 & b._bits2, a._bits3 & b._bits3);

    public static ByteSet operator ~(ByteSet a) => new(~a._bits0, ~a._bits1, ~a._bits2, ~a._bits3);

    public static bool operator ==(ByteSet a, ByteSet b) => a.Equals(b);

    public static bool operator !=(ByteSet a, ByteSet b) => !a.Equals(b);

    /// <summary>One byte.</summary>
    public static ByteSet Of(byte value) => Range(value, value);

    /// <summary>The bytes from <paramref name="first"/> to <paramref name="last"/>, both included.</summary>
    public static ByteSet Range(byte first, byte last)
    {
        Span<ulong> bits = stackalloc ulong[4];
        bits.Clear();
        for (int value = first; value <= last; value++) bits[value >> 6] |= 1UL << (value & 63);
        return new(bits[0], bits[1], bits[2], bits[3]);
    }

    public bool Contains(byte value)
    {
        var word = (value >> 6) switch { 0 => _bits0, 1 => _bits1, 2 => _bits2, _ => _bits3 };
        return (word >> (value & 63) & 1) != 0;
    }

    /// <summary>The only byte of a set of one; -1 for any other set.</summary>
    public int Single()
    {
        if (Count != 1) return -1;
        if (_bits0 != 0) return BitOperations.TrailingZeroCount(_bits0);
        if (_bits1 != 0) return 64 + BitOperations.TrailingZeroCount(_bits1);
        if (_bits2 != 0) return 128 + BitOperations.TrailingZeroCount(_bits2);
        return 192 + BitOperations.TrailingZeroCount(_bits3);
    }

    public bool Equals(ByteSet other) => _bits0 == other._bits0 && _bits1 == other._bits1 && _bits2 == other._bits2 && _bits3 == other._bits3;

    public override bool Equals(object? obj) => obj is ByteSet other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_bits0, _bits1, _bits2, _bits3);
}
