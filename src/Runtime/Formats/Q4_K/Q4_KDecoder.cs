using System.Runtime.CompilerServices;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.KQuants;
using ArchGen.Formats.Simd;

namespace ArchGen.Formats.Q4_K;

/// <summary>Nibbles times the scale of each 32, less its minimum.</summary>
internal readonly unsafe struct Q4_KDecoder : IBlockFormat
{
    public static int Weights => Q4_KBlock.Weights;

    public static int Bytes => sizeof(Q4_KBlock);

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
        for (; count > 0; count -= Q4_KBlock.Weights, source += sizeof(Q4_KBlock), sink.Advance(Q4_KBlock.Weights))
        {
            var next = SixBitScales.Other(scales, scale);
            Scales(count > Q4_KBlock.Weights ? source + sizeof(Q4_KBlock) : source, next);
            Memory.Prefetch(source);
            Memory.Prefetch(source + 64);
            var quants = ((Q4_KBlock*)source)->Quants;
            Unpack64<TSimd, TVector, TSink>(quants, 0, scale, ref sink);
            Unpack64<TSimd, TVector, TSink>(quants + 32, 64, scale + 2, ref sink);
            Unpack64<TSimd, TVector, TSink>(quants + 64, 128, scale + 4, ref sink);
            Unpack64<TSimd, TVector, TSink>(quants + 96, 192, scale + 6, ref sink);
            scale = next;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scales(byte* source, float* scales)
    {
        var block = (Q4_KBlock*)source;
        SixBitScales.Unpack(block->GroupScales, block->Scale, block->Minimum, scales, scales + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Unpack64<TSimd, TVector, TSink>(byte* quants, int index, float* scales, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        var (scale0, offset0) = (TSimd.Broadcast(scales[0]), TSimd.Broadcast(scales[8]));
        var (scale1, offset1) = (TSimd.Broadcast(scales[1]), TSimd.Broadcast(scales[9]));
        TSimd.Nibbles(ref sink, index, index + 32, quants, scale0, offset0, scale1, offset1);
        TSimd.Nibbles(ref sink, index + 16, index + 48, quants + 16, scale0, offset0, scale1, offset1);
    }
}
