using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Simd;

namespace ArchGen.Formats.Q1_0;

/// <summary>The scale with the signs.</summary>
internal readonly unsafe struct Q1_0Decoder : IBlockFormat
{
    public static int Weights => Q1_0Block.Weights;

    public static int Bytes => sizeof(Q1_0Block);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        for (; count > 0; count -= Q1_0Block.Weights, source += sizeof(Q1_0Block))
        {
            var block = (Q1_0Block*)source;
            var scale = TSimd.Broadcast(ScaleTables.Half(block->Scale));
            for (var group = 0; group < 8; group++, sink.Advance(16))
                TSimd.Scaled(ref sink, 0, Bits.Expand(((ushort*)block->Signs)[group], 2) - Vector128<sbyte>.One, scale);
        }
    }
}
