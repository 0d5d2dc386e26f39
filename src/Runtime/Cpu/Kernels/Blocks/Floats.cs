using System.Runtime.CompilerServices;
using ArchGen.Cpu.Kernels.Simd;

namespace ArchGen.Cpu.Kernels.Blocks;

/// <summary>32-bit floats.</summary>
internal readonly unsafe struct F32Block : IBlockFormat
{
    public static int Weights => 1;

    public static int Bytes => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        var lanes = TSimd.Lanes;
        var floats = (float*)source;
        for (; count >= 4 * lanes; count -= 4 * lanes, floats += 4 * lanes, sink.Advance(4 * lanes))
        {
            sink.Take(0, TSimd.Load(floats));
            sink.Take(lanes, TSimd.Load(floats + lanes));
            sink.Take(2 * lanes, TSimd.Load(floats + 2 * lanes));
            sink.Take(3 * lanes, TSimd.Load(floats + 3 * lanes));
        }

        for (; count >= lanes; count -= lanes, floats += lanes, sink.Advance(lanes)) sink.Take(0, TSimd.Load(floats));
        for (var i = 0; i < count; i++) sink.Take(i, floats[i]);
    }
}

/// <summary>IEEE half-precision floats.</summary>
internal readonly unsafe struct F16Block : IBlockFormat
{
    public static int Weights => 1;

    public static int Bytes => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        var halves = (ushort*)source;
        for (; count >= 64; count -= 64, halves += 64, sink.Advance(64))
        {
            Memory.Prefetch((byte*)halves);
            Memory.Prefetch((byte*)(halves + 32));
            TSimd.Halves(ref sink, 0, halves);
            TSimd.Halves(ref sink, 16, halves + 16);
            TSimd.Halves(ref sink, 32, halves + 32);
            TSimd.Halves(ref sink, 48, halves + 48);
        }

        for (; count >= 16; count -= 16, halves += 16, sink.Advance(16)) TSimd.Halves(ref sink, 0, halves);
        for (var i = 0; i < count; i++) sink.Take(i, Scale.Half((byte*)(halves + i)));
    }
}

/// <summary>Brain floats: the upper half of a 32-bit float.</summary>
internal readonly unsafe struct BF16Block : IBlockFormat
{
    public static int Weights => 1;

    public static int Bytes => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        var brainFloats = (ushort*)source;
        for (; count >= 64; count -= 64, brainFloats += 64, sink.Advance(64))
        {
            Memory.Prefetch((byte*)brainFloats);
            Memory.Prefetch((byte*)(brainFloats + 32));
            TSimd.BrainFloats(ref sink, 0, brainFloats);
            TSimd.BrainFloats(ref sink, 16, brainFloats + 16);
            TSimd.BrainFloats(ref sink, 32, brainFloats + 32);
            TSimd.BrainFloats(ref sink, 48, brainFloats + 48);
        }

        for (; count >= 16; count -= 16, brainFloats += 16, sink.Advance(16)) TSimd.BrainFloats(ref sink, 0, brainFloats);
        for (var i = 0; i < count; i++) sink.Take(i, BitConverter.Int32BitsToSingle(brainFloats[i] << 16));
    }
}
