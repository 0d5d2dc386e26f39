using System.Runtime.CompilerServices;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Simd;

namespace ArchGen.Formats.Blocks32;

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
