using System.Runtime.CompilerServices;
using ArchGen.Cpu.Simd;

namespace ArchGen.Cpu.Blocks;

/// <summary>32-bit floats.</summary>
internal readonly unsafe struct F32Block : IBlockFormat
{
    public static int Weights => 1;

    public static int Bytes => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector>(byte* source, float* destination, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => Unsafe.CopyBlockUnaligned(destination, source, (uint)count * 4);
}

/// <summary>IEEE half-precision floats.</summary>
internal readonly unsafe struct F16Block : IBlockFormat
{
    public static int Weights => 1;

    public static int Bytes => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector>(byte* source, float* destination, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        var halves = (ushort*)source;
        var i = 0;
        for (; i <= count - 16; i += 16) TSimd.StoreHalves(destination + i, halves + i);
        for (; i < count; i++) destination[i] = (float)BitConverter.UInt16BitsToHalf(halves[i]);
    }
}

/// <summary>Brain floats: the upper half of a 32-bit float.</summary>
internal readonly unsafe struct BF16Block : IBlockFormat
{
    public static int Weights => 1;

    public static int Bytes => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector>(byte* source, float* destination, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        var brainFloats = (ushort*)source;
        var i = 0;
        for (; i <= count - 16; i += 16) TSimd.StoreBrainFloats(destination + i, brainFloats + i);
        for (; i < count; i++) destination[i] = BitConverter.Int32BitsToSingle(brainFloats[i] << 16);
    }
}
