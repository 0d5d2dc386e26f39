using System.Runtime.CompilerServices;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Codebooks;
using ArchGen.Formats.Simd;

namespace ArchGen.Formats.IQ2_S;

/// <summary>Codebook entries with their signs times the scale of each 16.</summary>
internal readonly unsafe struct IQ2_SDecoder : IBlockFormat
{
    public static int Weights => IQ2_SBlock.Weights;

    public static int Bytes => sizeof(IQ2_SBlock);

    public static void LoadTables() => CodebookTables.Load();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        for (; count > 0; count -= IQ2_SBlock.Weights, source += sizeof(IQ2_SBlock))
        {
            var block = (IQ2_SBlock*)source;
            var d = ScaleTables.Half(block->Scale);
            Memory.Prefetch(source);
            for (var group = 0; group < 8; group++, sink.Advance(32))
            {
                byte* entries = block->Entries + (4 * group), signs = block->Signs + (4 * group);
                uint upper = block->UpperBits[group], scales = block->GroupScales[group];
                var grid = CodebookTables.Iq2S;
                SignedCodebook.Eights<TSimd, TVector, TSink>(
                    ref sink, 0, grid[entries[0] | (upper << 8 & 0x300)], grid[entries[1] | (upper << 6 & 0x300)], *(ushort*)signs,
                    TSimd.Broadcast(d * (0.5f + (scales & 15)) * 0.25f));
                SignedCodebook.Eights<TSimd, TVector, TSink>(
                    ref sink, 16, grid[entries[2] | (upper << 4 & 0x300)], grid[entries[3] | (upper << 2 & 0x300)], *(ushort*)(signs + 2),
                    TSimd.Broadcast(d * (0.5f + (scales >> 4)) * 0.25f));
            }
        }
    }
}
