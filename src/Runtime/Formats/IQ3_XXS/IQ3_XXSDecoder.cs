using System.Runtime.CompilerServices;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Codebooks;
using ArchGen.Formats.Simd;

namespace ArchGen.Formats.IQ3_XXS;

/// <summary>Codebook entries with their signs times the scale of each 32.</summary>
internal readonly unsafe struct IQ3_XXSDecoder : IBlockFormat
{
    public static int Weights => IQ3_XXSBlock.Weights;

    public static int Bytes => sizeof(IQ3_XXSBlock);

    public static void LoadTables() => CodebookTables.Load();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        for (; count > 0; count -= IQ3_XXSBlock.Weights, source += sizeof(IQ3_XXSBlock))
        {
            var block = (IQ3_XXSBlock*)source;
            var d = ScaleTables.Half(block->Scale);
            Memory.Prefetch(source);
            for (var group = 0; group < 8; group++, sink.Advance(32))
            {
                var entries = block->Entries + (8 * group);
                var word = block->SignsAndScales[group];
                var scale = TSimd.Broadcast(d * (0.5f + (word >> 28)) * 0.5f);
                var grid = CodebookTables.Iq3Xxs;
                SignedCodebook.Fours<TSimd, TVector, TSink>(
                    ref sink, 0, grid[entries[0]], grid[entries[1]], grid[entries[2]], grid[entries[3]], SignedCodebook.EvenSigns16(word), scale);
                SignedCodebook.Fours<TSimd, TVector, TSink>(
                    ref sink, 16, grid[entries[4]], grid[entries[5]], grid[entries[6]], grid[entries[7]], SignedCodebook.EvenSigns16(word >> 14), scale);
            }
        }
    }
}
