using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Cpu.Kernels.Simd;

namespace ArchGen.Cpu.Kernels.Blocks;

/// <summary>32 nibbles that stand for unevenly spaced levels, and a scale.</summary>
internal readonly unsafe struct Iq4NlBlock : IBlock32
{
    public static int Bytes => 18;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* block, int index, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector> =>
        TSimd.Nibbles<TSink, NonlinearLevels>(ref sink, index, index + 16, block + 2, TSimd.Broadcast(Scale.Half(block)));
}

/// <summary>256 nibbles that stand for unevenly spaced levels; per 32 a 6-bit scale, offset by 32.</summary>
internal readonly unsafe struct Iq4XsBlock : IBlockFormat
{
    public static int Weights => 256;

    public static int Bytes => 136;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        for (; count > 0; count -= 256, source += 136)
        {
            var d = Scale.Half(source);
            int upper = *(ushort*)(source + 2);
            var lower = *(uint*)(source + 4);
            Memory.Prefetch(source);
            Memory.Prefetch(source + 64);
            for (var group = 0; group < 8; group++, upper >>= 2, lower >>= 4, sink.Advance(32))
            {
                var scale = d * SixBits(lower, upper);
                TSimd.Nibbles<TSink, NonlinearLevels>(ref sink, 0, 16, source + 8 + (16 * group), TSimd.Broadcast(scale));
            }
        }
    }

    /// <summary>A group's scale: four low bits and two upper ones, offset by 32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SixBits(uint lower, int upper) => (int)(lower & 15) + ((upper & 3) << 4) - 32;
}

/// <summary>64 four-bit floats (E2M1); per 16 an unsigned E4M3 scale.</summary>
internal readonly unsafe struct Nvfp4Block : IBlockFormat
{
    public static int Weights => 64;

    public static int Bytes => 36;

    public static bool ReadsCodebookTables => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        const ulong Nibbles = 0x0F0F_0F0F_0F0F_0F0F;
        for (; count > 0; count -= 64, source += 36)
        {
            Memory.Prefetch(source);
            for (var group = 0; group < 4; group++, sink.Advance(16))
            {
                // Low nibbles are the first eight numbers of a group.
                var bytes = *(ulong*)(source + 4 + (8 * group));
                var numbers = Vector128.Shuffle(DoubledE2M1Levels.Bytes, Vector128.Create(bytes & Nibbles, bytes >> 4 & Nibbles).AsSByte());
                TSimd.Scaled(ref sink, 0, numbers, TSimd.Broadcast(CodebookTables.HalfE4M3[source[group]]));
            }
        }
    }
}
