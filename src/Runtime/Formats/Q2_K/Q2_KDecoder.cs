using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.KQuants;
using ArchGen.Formats.Simd;

namespace ArchGen.Formats.Q2_K;

/// <summary>Pairs of bits times the scale of each 16, less its minimum.</summary>
internal readonly unsafe struct Q2_KDecoder : IBlockFormat
{
    public static int Weights => Q2_KBlock.Weights;

    public static int Bytes => sizeof(Q2_KBlock);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        GroupScales memory;
        for (; count > 0; count -= Q2_KBlock.Weights, source += sizeof(Q2_KBlock))
        {
            var block = (Q2_KBlock*)source;
            var packed = Vector128.Load(block->GroupScales);
            var scales = GroupScales.Align(&memory);
            GroupScales.Store(Bits.LowNibbles(packed), ScaleTables.Half(block->Scale), scales);
            GroupScales.Store(Bits.HighNibbles(packed), -ScaleTables.Half(block->Minimum), scales + 16);
            Memory.Prefetch(source);
            for (var half = 0; half < 2; half++)
            {
                var first = Vector128.Load(block->Quants + (half * 32));
                var second = Vector128.Load(block->Quants + 16 + (half * 32));
                for (var shift = 0; shift < 8; shift += 2, scales += 2, sink.Advance(32))
                {
                    TSimd.Scaled(ref sink, 0, Bits.Field(first, shift, 3), TSimd.Broadcast(scales[0]), TSimd.Broadcast(scales[16]));
                    TSimd.Scaled(ref sink, 16, Bits.Field(second, shift, 3), TSimd.Broadcast(scales[1]), TSimd.Broadcast(scales[17]));
                }
            }
        }
    }
}
