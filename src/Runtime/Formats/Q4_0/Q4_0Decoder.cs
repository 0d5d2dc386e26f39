using System.Runtime.CompilerServices;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Blocks32;
using ArchGen.Formats.Simd;

namespace ArchGen.Formats.Q4_0;

/// <summary>Nibbles less 8 times the scale.</summary>
internal readonly unsafe struct Q4_0Decoder : IBlock32
{
    public static int Bytes => sizeof(Q4_0Block);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int index, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        var block = (Q4_0Block*)source;
        TSimd.Nibbles<TSink, CenteredLevels>(ref sink, index, index + 16, block->Quants, TSimd.Broadcast(ScaleTables.Half(block->Scale)));
    }
}
