using System.Runtime.CompilerServices;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Blocks32;
using ArchGen.Formats.Nonlinear;
using ArchGen.Formats.Simd;

namespace ArchGen.Formats.IQ4_NL;

/// <summary>Levels times the scale.</summary>
internal readonly unsafe struct IQ4_NLDecoder : IBlock32
{
    public static int Bytes => sizeof(IQ4_NLBlock);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int index, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        var block = (IQ4_NLBlock*)source;
        TSimd.Nibbles<TSink, NonlinearLevels>(ref sink, index, index + 16, block->Quants, TSimd.Broadcast(ScaleTables.Half(block->Scale)));
    }
}
