using System.Runtime.CompilerServices;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Codebooks;
using ArchGen.Formats.Simd;

namespace ArchGen.Formats.IQ3_S;

/// <summary>Codebook entries with their signs times the scale of each 32.</summary>
internal readonly unsafe struct IQ3_SDecoder : IBlockFormat
{
    public static int Weights => IQ3_SBlock.Weights;

    public static int Bytes => sizeof(IQ3_SBlock);

    public static void LoadTables() => CodebookTables.Load();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        for (; count > 0; count -= IQ3_SBlock.Weights, source += sizeof(IQ3_SBlock))
        {
            var block = (IQ3_SBlock*)source;
            var d = ScaleTables.Half(block->Scale);
            Memory.Prefetch(source);
            for (var group = 0; group < 8; group++, sink.Advance(32))
            {
                byte* entries = block->Entries + (8 * group), signs = block->Signs + (4 * group);
                uint ninth = block->NinthBits[group];
                var scale = TSimd.Broadcast(d * (1 + (2 * (block->GroupScales[group / 2] >> (4 * (group % 2)) & 15))));
                Half<TSimd, TVector, TSink>(ref sink, 0, entries, ninth, *(ushort*)signs, scale);
                Half<TSimd, TVector, TSink>(ref sink, 16, entries + 4, ninth >> 4, *(ushort*)(signs + 2), scale);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Half<TSimd, TVector, TSink>(ref TSink sink, int index, byte* entries, uint ninth, uint signs, TVector scale)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        var grid = CodebookTables.Iq3S;
        SignedCodebook.Fours<TSimd, TVector, TSink>(
            ref sink, index, grid[entries[0] | (ninth << 8 & 256)], grid[entries[1] | (ninth << 7 & 256)],
            grid[entries[2] | (ninth << 6 & 256)], grid[entries[3] | (ninth << 5 & 256)], signs, scale);
    }
}
