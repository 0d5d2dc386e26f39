using System.Runtime.CompilerServices;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Codebooks;
using ArchGen.Formats.Simd;

namespace ArchGen.Formats.IQ2_XXS;

/// <summary>Codebook entries with their signs times the scale of each 32.</summary>
internal readonly unsafe struct IQ2_XXSDecoder : IBlockFormat
{
    public static int Weights => IQ2_XXSBlock.Weights;

    public static int Bytes => sizeof(IQ2_XXSBlock);

    public static void LoadTables() => CodebookTables.Load();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        for (; count > 0; count -= IQ2_XXSBlock.Weights, source += sizeof(IQ2_XXSBlock))
        {
            var block = (IQ2_XXSBlock*)source;
            var d = ScaleTables.Half(block->Scale);
            Memory.Prefetch(source);
            var entries = (byte*)block->Groups;
            for (var group = 0; group < 8; group++, entries += sizeof(ulong), sink.Advance(32))
            {
                var word = ((uint*)entries)[1];
                var scale = TSimd.Broadcast(d * (0.5f + (word >> 28)) * 0.25f);
                var grid = CodebookTables.Iq2Xxs;
                SignedCodebook.Eights<TSimd, TVector, TSink>(ref sink, 0, grid[entries[0]], grid[entries[1]], SignedCodebook.EvenSigns16(word), scale);
                SignedCodebook.Eights<TSimd, TVector, TSink>(ref sink, 16, grid[entries[2]], grid[entries[3]], SignedCodebook.EvenSigns16(word >> 14), scale);
            }
        }
    }
}
