using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ArchGen.Formats.Simd;

/// <summary>Extracts fields of a few bits from 16 or 32 bytes.</summary>
internal static class Bits
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<sbyte> LowNibbles(Vector128<byte> bytes) => (bytes & Vector128.Create((byte)15)).AsSByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<sbyte> HighNibbles(Vector128<byte> bytes) => Field(bytes, 4, 15);

    /// <summary>(byte >> shift) &amp; mask. Shifts words: bits of the neighbouring byte are masked, as shift plus field is at most 8 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<sbyte> Field(Vector128<byte> bytes, int shift, byte mask) =>
        ((bytes.AsUInt16() >>> shift).AsByte() & Vector128.Create(mask)).AsSByte();

    /// <summary>
    /// The bits of each byte from bit <paramref name="from"/> on, moved to bit <paramref name="to"/>; <paramref name="mask"/> selects them. Shifts words: what
    /// comes from the neighbour byte is masked away.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<sbyte> Move(Vector128<byte> bytes, int from, int to, byte mask)
    {
        var words = bytes.AsUInt16();
        return ((from <= to ? words << (to - from) : words >>> (from - to)).AsByte() & Vector128.Create(mask)).AsSByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> LowNibbles(Vector256<byte> bytes) => bytes & Vector256.Create((byte)15);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> HighNibbles(Vector256<byte> bytes) => Field(bytes, 4, 15);

    /// <inheritdoc cref="Field(Vector128{byte}, int, byte)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Field(Vector256<byte> bytes, int shift, byte mask) => Move(bytes, shift, 0, mask);

    /// <inheritdoc cref="Move(Vector128{byte}, int, int, byte)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Move(Vector256<byte> bytes, int from, int to, byte mask)
    {
        var words = bytes.AsUInt16();
        return (from <= to ? words << (to - from) : words >>> (from - to)).AsByte() & Vector256.Create(mask);
    }

    /// <summary>Four low bits and two upper ones, which <paramref name="upper"/> holds from bit <paramref name="shift"/> on; less 32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<sbyte> SixBits(Vector128<sbyte> low, Vector128<byte> upper, int shift) =>
        (low | (Field(upper, shift, 3) << 4)) - Vector128.Create((sbyte)32);

    /// <summary>Byte i is <paramref name="value"/> where bit i is set, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<sbyte> Expand(ushort bits, byte value)
    {
        var select = Vector128.Create(0x8040201008040201UL).AsByte();
        var spread = Vector128.Shuffle(Vector128.Create(bits).AsByte(), Vector128.Create((byte)0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1));
        return (Vector128.Equals(spread & select, select) & Vector128.Create(value)).AsSByte();
    }

    /// <summary>Byte i is <paramref name="value"/> where bit i is set, else 0. AVX2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Expand(uint bits, byte value)
    {
        var select = Vector256.Create(0x8040201008040201UL).AsByte();
        var spread = Avx2.Shuffle(Vector256.Create(bits).AsByte(), Vector256.Create(0UL, 0x0101010101010101, 0x0202020202020202, 0x0303030303030303).AsByte());
        return Vector256.Equals(spread & select, select) & Vector256.Create(value);
    }
}
