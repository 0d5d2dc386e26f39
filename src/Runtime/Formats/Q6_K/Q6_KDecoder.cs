using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.KQuants;
using ArchGen.Formats.Simd;

namespace ArchGen.Formats.Q6_K;

/// <summary>Six bits less 32 times the scale of each 16.</summary>
internal readonly unsafe struct Q6_KDecoder : IBlockFormat
{
    public static int Weights => Q6_KBlock.Weights;

    public static int Bytes => sizeof(Q6_KBlock);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        GroupScales memory;
        for (; count > 0; count -= Q6_KBlock.Weights, source += sizeof(Q6_KBlock))
        {
            var block = (Q6_KBlock*)source;
            var scales = GroupScales.Align(&memory);
            GroupScales.Store(Vector128.Load(block->GroupScales), ScaleTables.Half(block->Scale), scales);
            Memory.Prefetch(source);
            var low = block->Quants;
            var upper = block->UpperBits;
            for (var half = 0; half < 2; half++, low += 64, upper += 32, scales += 8, sink.Advance(128))
            {
                Memory.Prefetch(low);
                TSimd.SixBits(ref sink, 0, low, low + 32, upper,
                    TSimd.Broadcast(scales[0]), TSimd.Broadcast(scales[2]), TSimd.Broadcast(scales[4]), TSimd.Broadcast(scales[6]));
                TSimd.SixBits(ref sink, 16, low + 16, low + 48, upper + 16,
                    TSimd.Broadcast(scales[1]), TSimd.Broadcast(scales[3]), TSimd.Broadcast(scales[5]), TSimd.Broadcast(scales[7]));
            }
        }
    }
}
