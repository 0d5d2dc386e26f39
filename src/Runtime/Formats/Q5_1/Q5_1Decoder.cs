using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Blocks32;
using ArchGen.Formats.Simd;

namespace ArchGen.Formats.Q5_1;

/// <summary>Five bits times the scale, plus the minimum.</summary>
internal readonly unsafe struct Q5_1Decoder : IBlock32
{
    public static int Bytes => sizeof(Q5_1Block);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int index, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        var block = (Q5_1Block*)source;
        var (scale, minimum) = (TSimd.Broadcast(ScaleTables.Half(block->Scale)), TSimd.Broadcast(ScaleTables.Half(block->Minimum)));
        var quants = Vector128.Load(block->Quants);
        var fifths = (ushort*)block->FifthBits;
        TSimd.Scaled(ref sink, index, Bits.LowNibbles(quants) | Bits.Expand(fifths[0], 16), scale, minimum);
        TSimd.Scaled(ref sink, index + 16, Bits.HighNibbles(quants) | Bits.Expand(fifths[1], 16), scale, minimum);
    }
}
