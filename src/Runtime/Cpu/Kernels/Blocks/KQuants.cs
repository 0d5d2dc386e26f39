using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Cpu.Simd;

namespace ArchGen.Cpu.Blocks;

/// <summary>256 two-bit numbers; per 16 a 4-bit scale and a 4-bit offset.</summary>
internal readonly unsafe struct Q2KBlock : IBlockFormat
{
    public static int Weights => 256;

    public static int Bytes => 84;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector>(byte* source, float* destination, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (var end = destination + count; destination < end; source += 84)
        {
            var scales = source;
            var scale = Scale.Half(source + 80);
            var offset = -Scale.Half(source + 82);
            for (var half = 0; half < 2; half++)
            {
                var first = Vector128.Load(source + 16 + half * 32);
                var second = Vector128.Load(source + 32 + half * 32);
                for (var shift = 0; shift < 8; shift += 2, scales += 2, destination += 32)
                {
                    TSimd.StoreScaled(destination, Bits.Field(first, shift, 3),
                        TSimd.Broadcast(scale * (scales[0] & 15)), TSimd.Broadcast(offset * (scales[0] >> 4)));
                    TSimd.StoreScaled(destination + 16, Bits.Field(second, shift, 3),
                        TSimd.Broadcast(scale * (scales[1] & 15)), TSimd.Broadcast(offset * (scales[1] >> 4)));
                }
            }
        }
    }
}

/// <summary>256 three-bit numbers, offset by 4 (two bits, and the third in a bit mask); per 16 a 6-bit scale, offset by 32.</summary>
internal readonly unsafe struct Q3KBlock : IBlockFormat
{
    public static int Weights => 256;

    public static int Bytes => 110;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector>(byte* source, float* destination, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        var four = Vector128.Create((sbyte)4);
        for (var end = destination + count; destination < end; source += 110)
        {
            var firstMask = Vector128.Load(source);
            var secondMask = Vector128.Load(source + 16);
            var scale = Scale.Half(source + 108);
            var scales = UnpackScales(source + 96);
            for (var group = 0; group < 8; group++, destination += 32)
            {
                var quants = source + 32 + (group >> 2) * 32;
                var shift = 2 * (group & 3);
                var first = Bits.Field(Vector128.Load(quants), shift, 3) | (Bits.Field(firstMask, group, 1) << 2);
                var second = Bits.Field(Vector128.Load(quants + 16), shift, 3) | (Bits.Field(secondMask, group, 1) << 2);
                var (lower, upper) = ((sbyte)scales, (sbyte)(scales >> 8));
                scales >>= 16;
                TSimd.StoreScaled(destination, first - four, TSimd.Broadcast(scale * (lower - 32)));
                TSimd.StoreScaled(destination + 16, second - four, TSimd.Broadcast(scale * (upper - 32)));
            }
        }
    }

    /// <summary>16 scales, one a byte: their low four bits are 8 bytes of nibbles, their upper two lie in the last 4 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static UInt128 UnpackScales(byte* packed)
    {
        var nibbles = *(ulong*)packed;
        var upper = *(uint*)(packed + 8);
        var first = (nibbles & 0x0F0F0F0F0F0F0F0F) | (upper & 0x03030303ul) << 4 | (upper >> 2 & 0x03030303ul) << 36;
        var second = (nibbles >> 4 & 0x0F0F0F0F0F0F0F0F) | (upper >> 4 & 0x03030303ul) << 4 | (upper >> 6 & 0x03030303ul) << 36;
        return new UInt128(second, first);
    }
}

/// <summary>256 nibbles; per 32 a 6-bit scale and a 6-bit offset.</summary>
internal readonly unsafe struct Q4KBlock : IBlockFormat
{
    public static int Weights => 256;

    public static int Bytes => 144;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector>(byte* source, float* destination, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (var end = destination + count; destination < end; source += 144)
        {
            var scale = Scale.Half(source);
            var offset = -Scale.Half(source + 2);
            SixBitScales.Unpack(source + 4, out var scales, out var offsets);
            var quants = source + 16;
            for (var group = 0; group < 4; group++, destination += 64, quants += 32, scales >>= 16, offsets >>= 16)
            {
                var first = Vector128.Load(quants);
                var second = Vector128.Load(quants + 16);
                var groupScale = TSimd.Broadcast(scale * (byte)scales);
                var groupOffset = TSimd.Broadcast(offset * (byte)offsets);
                TSimd.StoreScaled(destination, Bits.LowNibbles(first), groupScale, groupOffset);
                TSimd.StoreScaled(destination + 16, Bits.LowNibbles(second), groupScale, groupOffset);
                groupScale = TSimd.Broadcast(scale * (byte)(scales >> 8));
                groupOffset = TSimd.Broadcast(offset * (byte)(offsets >> 8));
                TSimd.StoreScaled(destination + 32, Bits.HighNibbles(first), groupScale, groupOffset);
                TSimd.StoreScaled(destination + 48, Bits.HighNibbles(second), groupScale, groupOffset);
            }
        }
    }
}

/// <summary>256 five-bit numbers (nibbles, and the fifth in a bit mask); per 32 a 6-bit scale and a 6-bit offset.</summary>
internal readonly unsafe struct Q5KBlock : IBlockFormat
{
    public static int Weights => 256;

    public static int Bytes => 176;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector>(byte* source, float* destination, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (var end = destination + count; destination < end; source += 176)
        {
            var scale = Scale.Half(source);
            var offset = -Scale.Half(source + 2);
            SixBitScales.Unpack(source + 4, out var scales, out var offsets);
            var firstMask = Vector128.Load(source + 16);
            var secondMask = Vector128.Load(source + 32);
            var quants = source + 48;
            for (var bit = 0; bit < 8; bit += 2, destination += 64, quants += 32, scales >>= 16, offsets >>= 16)
            {
                var first = Vector128.Load(quants);
                var second = Vector128.Load(quants + 16);
                var groupScale = TSimd.Broadcast(scale * (byte)scales);
                var groupOffset = TSimd.Broadcast(offset * (byte)offsets);
                TSimd.StoreScaled(destination, Bits.LowNibbles(first) | (Bits.Field(firstMask, bit, 1) << 4), groupScale, groupOffset);
                TSimd.StoreScaled(destination + 16, Bits.LowNibbles(second) | (Bits.Field(secondMask, bit, 1) << 4), groupScale, groupOffset);
                groupScale = TSimd.Broadcast(scale * (byte)(scales >> 8));
                groupOffset = TSimd.Broadcast(offset * (byte)(offsets >> 8));
                TSimd.StoreScaled(destination + 32, Bits.HighNibbles(first) | (Bits.Field(firstMask, bit + 1, 1) << 4), groupScale, groupOffset);
                TSimd.StoreScaled(destination + 48, Bits.HighNibbles(second) | (Bits.Field(secondMask, bit + 1, 1) << 4), groupScale, groupOffset);
            }
        }
    }
}

/// <summary>256 six-bit numbers, offset by 32 (nibbles, and two upper bits); per 16 a signed 8-bit scale.</summary>
internal readonly unsafe struct Q6KBlock : IBlockFormat
{
    public static int Weights => 256;

    public static int Bytes => 210;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector>(byte* source, float* destination, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (var end = destination + count; destination < end; source += 210)
        {
            var scale = Scale.Half(source + 208);
            for (var part = 0; part < 4; part++)
            {
                // A part is 16 columns of a half: 16 weights in each quarter of 32.
                var (half, column) = (part >> 1, (part & 1) * 16);
                var low = source + half * 64 + column;
                var scales = (sbyte*)source + 192 + half * 8 + (part & 1);
                var first = Vector128.Load(low);
                var second = Vector128.Load(low + 32);
                var upper = Vector128.Load(source + 128 + half * 32 + column);
                var target = destination + half * 128 + column;
                TSimd.StoreScaled(target, Join(Bits.LowNibbles(first), upper, 0), TSimd.Broadcast(scale * scales[0]));
                TSimd.StoreScaled(target + 32, Join(Bits.LowNibbles(second), upper, 2), TSimd.Broadcast(scale * scales[2]));
                TSimd.StoreScaled(target + 64, Join(Bits.HighNibbles(first), upper, 4), TSimd.Broadcast(scale * scales[4]));
                TSimd.StoreScaled(target + 96, Join(Bits.HighNibbles(second), upper, 6), TSimd.Broadcast(scale * scales[6]));
            }

            destination += 256;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<sbyte> Join(Vector128<sbyte> nibbles, Vector128<byte> upper, int shift) =>
        (nibbles | (Bits.Field(upper, shift, 3) << 4)) - Vector128.Create((sbyte)32);
}

/// <summary>The scales and offsets of Q4_K and Q5_K: eight of each, six bits each, in 12 bytes.</summary>
internal static unsafe class SixBitScales
{
    /// <summary>
    /// One scale and one offset per byte. The first four of each are the low six bits of bytes 0..3 and 4..7; the others are the nibbles of
    /// bytes 8..11, with the upper two bits of bytes 0..3 and 4..7.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack(byte* packed, out ulong scales, out ulong offsets)
    {
        var (first, second, third) = (*(uint*)packed, *(uint*)(packed + 4), *(uint*)(packed + 8));
        scales = (first & 0x3F3F3F3F) | (ulong)((third & 0x0F0F0F0F) | (first >> 2 & 0x30303030)) << 32;
        offsets = (second & 0x3F3F3F3F) | (ulong)((third >> 4 & 0x0F0F0F0F) | (second >> 2 & 0x30303030)) << 32;
    }
}
