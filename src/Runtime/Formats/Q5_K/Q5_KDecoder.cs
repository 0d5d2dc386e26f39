using System.Runtime.CompilerServices;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.KQuants;
using ArchGen.Formats.Simd;

namespace ArchGen.Formats.Q5_K;

/// <summary>Five bits times the scale of each 32, less its minimum.</summary>
internal readonly unsafe struct Q5_KDecoder : IBlockFormat
{
    public static int Weights => Q5_KBlock.Weights;

    public static int Bytes => sizeof(Q5_KBlock);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        GroupScales memory;
        var scales = GroupScales.Align(&memory);
        var scale = scales;
        Scales(source, scale);
        for (; count > 0; count -= Q5_KBlock.Weights, source += sizeof(Q5_KBlock), sink.Advance(Q5_KBlock.Weights))
        {
            var next = SixBitScales.Other(scales, scale);
            Scales(count > Q5_KBlock.Weights ? source + sizeof(Q5_KBlock) : source, next);
            Memory.Prefetch(source);
            Memory.Prefetch(source + 64);
            Memory.Prefetch(source + 128);
            var block = (Q5_KBlock*)source;
            Unpack64<TSimd, TVector, TSink>(block->Quants, block->FifthBits, 0, scale, ref sink);
            Unpack64<TSimd, TVector, TSink>(block->Quants + 32, block->FifthBits, 2, scale + 2, ref sink);
            Unpack64<TSimd, TVector, TSink>(block->Quants + 64, block->FifthBits, 4, scale + 4, ref sink);
            Unpack64<TSimd, TVector, TSink>(block->Quants + 96, block->FifthBits, 6, scale + 6, ref sink);
            scale = next;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scales(byte* source, float* scales)
    {
        var block = (Q5_KBlock*)source;
        SixBitScales.Unpack(block->GroupScales, block->Scale, block->Minimum, scales, scales + 8);
    }

    /// <summary>64 weights: nibbles, and the fifth bits, bit <paramref name="bit"/> and the next one of <paramref name="upper"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Unpack64<TSimd, TVector, TSink>(byte* quants, byte* upper, int bit, float* scales, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        var (scale0, offset0) = (TSimd.Broadcast(scales[0]), TSimd.Broadcast(scales[8]));
        var (scale1, offset1) = (TSimd.Broadcast(scales[1]), TSimd.Broadcast(scales[9]));
        TSimd.FiveBits(ref sink, 32 * bit, quants, upper, bit, scale0, offset0, scale1, offset1);
        TSimd.FiveBits(ref sink, (32 * bit) + 16, quants + 16, upper + 16, bit, scale0, offset0, scale1, offset1);
    }
}
