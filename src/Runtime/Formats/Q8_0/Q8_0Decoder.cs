using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Blocks32;
using ArchGen.Formats.Simd;

namespace ArchGen.Formats.Q8_0;

/// <summary>Bytes times the scale.</summary>
internal readonly unsafe struct Q8_0Decoder : IBlock32
{
    public static int Bytes => sizeof(Q8_0Block);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int index, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        var block = (Q8_0Block*)source;
        var scale = TSimd.Broadcast(ScaleTables.Half(block->Scale));
        TSimd.Scaled(ref sink, index, Vector128.Load(block->Quants), scale);
        TSimd.Scaled(ref sink, index + 16, Vector128.Load(block->Quants + 16), scale);
    }
}
