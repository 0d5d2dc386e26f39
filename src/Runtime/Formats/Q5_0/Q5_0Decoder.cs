using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Blocks32;
using ArchGen.Formats.Simd;

namespace ArchGen.Formats.Q5_0;

/// <summary>Five bits less 16 times the scale.</summary>
internal readonly unsafe struct Q5_0Decoder : IBlock32
{
    public static int Bytes => sizeof(Q5_0Block);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int index, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        var block = (Q5_0Block*)source;
        var scale = TSimd.Broadcast(ScaleTables.Half(block->Scale));
        var quants = Vector128.Load(block->Quants);
        var fifths = (ushort*)block->FifthBits;
        var low = Bits.LowNibbles(quants) | Bits.Expand(fifths[0], 16);
        var high = Bits.HighNibbles(quants) | Bits.Expand(fifths[1], 16);
        TSimd.Scaled(ref sink, index, low - Vector128.Create((sbyte)16), scale);
        TSimd.Scaled(ref sink, index + 16, high - Vector128.Create((sbyte)16), scale);
    }
}
