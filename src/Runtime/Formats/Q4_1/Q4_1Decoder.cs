using System.Runtime.CompilerServices;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Blocks32;
using ArchGen.Formats.Simd;

namespace ArchGen.Formats.Q4_1;

/// <summary>Nibbles times the scale, plus the minimum.</summary>
internal readonly unsafe struct Q4_1Decoder : IBlock32
{
    public static int Bytes => sizeof(Q4_1Block);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int index, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        var block = (Q4_1Block*)source;
        var (scale, minimum) = (TSimd.Broadcast(ScaleTables.Half(block->Scale)), TSimd.Broadcast(ScaleTables.Half(block->Minimum)));
        TSimd.Nibbles(ref sink, index, index + 16, block->Quants, scale, minimum);
    }
}
