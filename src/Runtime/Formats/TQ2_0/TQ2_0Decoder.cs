using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Simd;

namespace ArchGen.Formats.TQ2_0;

/// <summary>Pairs of bits less 1 times the scale.</summary>
internal readonly unsafe struct TQ2_0Decoder : IBlockFormat
{
    public static int Weights => TQ2_0Block.Weights;

    public static int Bytes => sizeof(TQ2_0Block);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        for (; count > 0; count -= TQ2_0Block.Weights, source += sizeof(TQ2_0Block))
        {
            var block = (TQ2_0Block*)source;
            var scale = TSimd.Broadcast(ScaleTables.Half(block->Scale));
            Memory.Prefetch(source);
            for (var half = 0; half < 2; half++)
            {
                Vector128<byte> first = Vector128.Load(block->Quants + (32 * half)), second = Vector128.Load(block->Quants + (32 * half) + 16);
                for (var shift = 0; shift < 8; shift += 2, sink.Advance(32))
                {
                    TSimd.Scaled(ref sink, 0, Bits.Field(first, shift, 3) - Vector128<sbyte>.One, scale);
                    TSimd.Scaled(ref sink, 16, Bits.Field(second, shift, 3) - Vector128<sbyte>.One, scale);
                }
            }
        }
    }
}
