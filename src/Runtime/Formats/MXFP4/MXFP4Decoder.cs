using System.Runtime.CompilerServices;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Blocks32;
using ArchGen.Formats.Simd;
using ArchGen.Formats.SmallFloats;

namespace ArchGen.Formats.MXFP4;

/// <summary>Doubled E2M1 levels times half the power of two.</summary>
internal readonly unsafe struct MXFP4Decoder : IBlock32
{
    public static int Bytes => sizeof(MXFP4Block);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int index, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        var block = (MXFP4Block*)source;
        var scale = TSimd.Broadcast(ScaleTables.HalfPowerOfTwo(block->Exponent));
        TSimd.Nibbles<TSink, DoubledE2M1Levels>(ref sink, index, index + 16, block->Quants, scale);
    }
}
