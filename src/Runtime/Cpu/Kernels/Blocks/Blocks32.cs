using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Cpu.Simd;

namespace ArchGen.Cpu.Blocks;

/// <summary>32 signed bytes and a scale.</summary>
internal readonly unsafe struct Q8_0Block : IBlockFormat
{
    public static int Weights => 32;

    public static int Bytes => 34;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector>(byte* source, float* destination, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (var end = destination + count; destination < end; destination += 32, source += 34)
        {
            var scale = TSimd.Broadcast(Scale.Half(source));
            TSimd.StoreScaled(destination, Vector128.Load((sbyte*)source + 2), scale);
            TSimd.StoreScaled(destination + 16, Vector128.Load((sbyte*)source + 18), scale);
        }
    }
}

/// <summary>32 nibbles, offset by 8, and a scale. The low nibbles are the first 16 weights.</summary>
internal readonly unsafe struct Q4_0Block : IBlockFormat
{
    public static int Weights => 32;

    public static int Bytes => 18;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector>(byte* source, float* destination, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (var end = destination + count; destination < end; destination += 32, source += 18)
        {
            var scale = TSimd.Broadcast(Scale.Half(source));
            var quants = Vector128.Load(source + 2);
            TSimd.StoreScaled(destination, Bits.LowNibbles(quants) - Vector128.Create((sbyte)8), scale);
            TSimd.StoreScaled(destination + 16, Bits.HighNibbles(quants) - Vector128.Create((sbyte)8), scale);
        }
    }
}

/// <summary>32 nibbles, a scale and an offset.</summary>
internal readonly unsafe struct Q4_1Block : IBlockFormat
{
    public static int Weights => 32;

    public static int Bytes => 20;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector>(byte* source, float* destination, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (var end = destination + count; destination < end; destination += 32, source += 20)
        {
            var scale = TSimd.Broadcast(Scale.Half(source));
            var offset = TSimd.Broadcast(Scale.Half(source + 2));
            var quants = Vector128.Load(source + 4);
            TSimd.StoreScaled(destination, Bits.LowNibbles(quants), scale, offset);
            TSimd.StoreScaled(destination + 16, Bits.HighNibbles(quants), scale, offset);
        }
    }
}

/// <summary>32 five-bit numbers, offset by 16, and a scale: nibbles, and the fifth bits in a 32-bit word.</summary>
internal readonly unsafe struct Q5_0Block : IBlockFormat
{
    public static int Weights => 32;

    public static int Bytes => 22;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector>(byte* source, float* destination, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (var end = destination + count; destination < end; destination += 32, source += 22)
        {
            var scale = TSimd.Broadcast(Scale.Half(source));
            var quants = Vector128.Load(source + 6);
            var low = Bits.LowNibbles(quants) | Bits.Expand(*(ushort*)(source + 2), 16);
            var high = Bits.HighNibbles(quants) | Bits.Expand(*(ushort*)(source + 4), 16);
            TSimd.StoreScaled(destination, low - Vector128.Create((sbyte)16), scale);
            TSimd.StoreScaled(destination + 16, high - Vector128.Create((sbyte)16), scale);
        }
    }
}

/// <summary>32 five-bit numbers, a scale and an offset.</summary>
internal readonly unsafe struct Q5_1Block : IBlockFormat
{
    public static int Weights => 32;

    public static int Bytes => 24;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector>(byte* source, float* destination, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (var end = destination + count; destination < end; destination += 32, source += 24)
        {
            var scale = TSimd.Broadcast(Scale.Half(source));
            var offset = TSimd.Broadcast(Scale.Half(source + 2));
            var quants = Vector128.Load(source + 8);
            TSimd.StoreScaled(destination, Bits.LowNibbles(quants) | Bits.Expand(*(ushort*)(source + 4), 16), scale, offset);
            TSimd.StoreScaled(destination + 16, Bits.HighNibbles(quants) | Bits.Expand(*(ushort*)(source + 6), 16), scale, offset);
        }
    }
}

/// <summary>32 four-bit floats (E2M1) and a power of two (OCP microscaling formats 1.0).</summary>
internal readonly unsafe struct Mxfp4Block : IBlockFormat
{
    public static int Weights => 32;

    public static int Bytes => 17;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector>(byte* source, float* destination, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        var doubledValues = Vector128.Create(0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12);
        for (var end = destination + count; destination < end; destination += 32, source += 17)
        {
            var scale = TSimd.Broadcast(Scale.HalfPowerOfTwo(*source));
            var quants = Vector128.Load(source + 1);
            TSimd.StoreScaled(destination, Vector128.Shuffle(doubledValues, Bits.LowNibbles(quants)), scale);
            TSimd.StoreScaled(destination + 16, Vector128.Shuffle(doubledValues, Bits.HighNibbles(quants)), scale);
        }
    }
}
