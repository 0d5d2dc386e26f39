using System.Runtime.CompilerServices;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Codebooks;
using ArchGen.Formats.Simd;

namespace ArchGen.Formats.IQ2_XS;

/// <summary>Codebook entries with their signs times the scale of each 16.</summary>
internal readonly unsafe struct IQ2_XSDecoder : IBlockFormat
{
    public static int Weights => IQ2_XSBlock.Weights;

    public static int Bytes => sizeof(IQ2_XSBlock);

    public static void LoadTables() => CodebookTables.Load();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        for (; count > 0; count -= IQ2_XSBlock.Weights, source += sizeof(IQ2_XSBlock))
        {
            var block = (IQ2_XSBlock*)source;
            var d = ScaleTables.Half(block->Scale);
            Memory.Prefetch(source);
            for (var group = 0; group < 8; group++, sink.Advance(32))
            {
                var entries = block->Entries + (4 * group);
                int scales = block->GroupScales[group];
                Half<TSimd, TVector, TSink>(ref sink, 0, entries, TSimd.Broadcast(d * (0.5f + (scales & 15)) * 0.25f));
                Half<TSimd, TVector, TSink>(ref sink, 16, entries + 2, TSimd.Broadcast(d * (0.5f + (scales >> 4)) * 0.25f));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Half<TSimd, TVector, TSink>(ref TSink sink, int index, ushort* entries, TVector scale)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        uint first = entries[0], second = entries[1];
        SignedCodebook.Eights<TSimd, TVector, TSink>(
            ref sink, index, CodebookTables.Iq2Xs[first & 511], CodebookTables.Iq2Xs[second & 511],
            SignedCodebook.EvenSigns(first >> 9) | SignedCodebook.EvenSigns(second >> 9) << 8, scale);
    }
}
