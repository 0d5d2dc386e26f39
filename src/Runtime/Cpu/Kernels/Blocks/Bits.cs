using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ArchGen.Cpu.Blocks;

/// <summary>Fields of a few bits, taken from 16 bytes at once.</summary>
internal static class Bits
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<sbyte> LowNibbles(Vector128<byte> bytes) => (bytes & Vector128.Create((byte)15)).AsSByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<sbyte> HighNibbles(Vector128<byte> bytes) => Field(bytes, 4, 15);

    /// <summary>(byte >> shift) &amp; mask. Shifts words: what comes from the neighbour byte is masked away, as shift plus field is at most 8 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<sbyte> Field(Vector128<byte> bytes, int shift, byte mask) =>
        ((bytes.AsUInt16() >>> shift).AsByte() & Vector128.Create(mask)).AsSByte();

    /// <summary>
    /// The bits of each byte from bit <paramref name="from"/> on, moved to bit <paramref name="to"/>; <paramref name="mask"/> tells which. Shifts words: what
    /// comes from the neighbour byte is masked away.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<sbyte> Move(Vector128<byte> bytes, int from, int to, byte mask)
    {
        var words = bytes.AsUInt16();
        return ((from <= to ? words << (to - from) : words >>> (from - to)).AsByte() & Vector128.Create(mask)).AsSByte();
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
}
