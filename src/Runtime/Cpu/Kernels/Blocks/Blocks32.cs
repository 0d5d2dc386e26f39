using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Cpu.Kernels.Simd;

namespace ArchGen.Cpu.Kernels.Blocks;

/// <summary>A block of 32 weights.</summary>
internal unsafe interface IBlock32
{
    /// <summary>Bytes per block.</summary>
    static abstract int Bytes { get; }

    /// <summary>Hands over the 32 weights of a block, the first as <paramref name="index"/>.</summary>
    static abstract void Unpack<TSimd, TVector, TSink>(byte* block, int index, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>;
}

/// <summary>The loop over blocks of 32 weights, two at a time so that their sums are independent.</summary>
internal readonly unsafe struct BlocksOf32<TBlock> : IBlockFormat where TBlock : struct, IBlock32
{
    public static int Weights => 32;

    public static int Bytes => TBlock.Bytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        for (; count >= 64; count -= 64, source += 2 * TBlock.Bytes, sink.Advance(64))
        {
            Memory.Prefetch(source);
            TBlock.Unpack<TSimd, TVector, TSink>(source, 0, ref sink);
            TBlock.Unpack<TSimd, TVector, TSink>(source + TBlock.Bytes, 32, ref sink);
        }

        if (count > 0) TBlock.Unpack<TSimd, TVector, TSink>(source, 0, ref sink);
    }
}

/// <summary>32 signed bytes and a scale.</summary>
internal readonly unsafe struct Q8_0Block : IBlock32
{
    public static int Bytes => 34;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* block, int index, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        var scale = TSimd.Broadcast(Scale.Half(block));
        TSimd.Scaled(ref sink, index, Vector128.Load((sbyte*)block + 2), scale);
        TSimd.Scaled(ref sink, index + 16, Vector128.Load((sbyte*)block + 18), scale);
    }
}

/// <summary>32 nibbles, offset by 8, and a scale. The low nibbles are the first 16 weights.</summary>
internal readonly unsafe struct Q4_0Block : IBlock32
{
    public static int Bytes => 18;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* block, int index, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        TSimd.Nibbles<TSink, CenteredLevels>(ref sink, index, index + 16, block + 2, TSimd.Broadcast(Scale.Half(block)));
    }
}

/// <summary>32 nibbles, a scale and an offset.</summary>
internal readonly unsafe struct Q4_1Block : IBlock32
{
    public static int Bytes => 20;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* block, int index, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        TSimd.Nibbles(ref sink, index, index + 16, block + 4, TSimd.Broadcast(Scale.Half(block)), TSimd.Broadcast(Scale.Half(block + 2)));
    }
}

/// <summary>32 five-bit numbers, offset by 16, and a scale: nibbles, and the fifth bits in a 32-bit word.</summary>
internal readonly unsafe struct Q5_0Block : IBlock32
{
    public static int Bytes => 22;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* block, int index, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        var scale = TSimd.Broadcast(Scale.Half(block));
        var quants = Vector128.Load(block + 6);
        var low = Bits.LowNibbles(quants) | Bits.Expand(*(ushort*)(block + 2), 16);
        var high = Bits.HighNibbles(quants) | Bits.Expand(*(ushort*)(block + 4), 16);
        TSimd.Scaled(ref sink, index, low - Vector128.Create((sbyte)16), scale);
        TSimd.Scaled(ref sink, index + 16, high - Vector128.Create((sbyte)16), scale);
    }
}

/// <summary>32 five-bit numbers, a scale and an offset.</summary>
internal readonly unsafe struct Q5_1Block : IBlock32
{
    public static int Bytes => 24;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* block, int index, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        var (scale, offset) = (TSimd.Broadcast(Scale.Half(block)), TSimd.Broadcast(Scale.Half(block + 2)));
        var quants = Vector128.Load(block + 8);
        TSimd.Scaled(ref sink, index, Bits.LowNibbles(quants) | Bits.Expand(*(ushort*)(block + 4), 16), scale, offset);
        TSimd.Scaled(ref sink, index + 16, Bits.HighNibbles(quants) | Bits.Expand(*(ushort*)(block + 6), 16), scale, offset);
    }
}

/// <summary>32 four-bit floats (E2M1) and a power of two (OCP microscaling formats 1.0).</summary>
internal readonly unsafe struct Mxfp4Block : IBlock32
{
    public static int Bytes => 17;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* block, int index, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        TSimd.Nibbles<TSink, DoubledE2M1Levels>(ref sink, index, index + 16, block + 1, TSimd.Broadcast(Scale.HalfPowerOfTwo(*block)));
    }
}
