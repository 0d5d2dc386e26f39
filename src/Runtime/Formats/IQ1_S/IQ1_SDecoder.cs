using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Codebooks;
using ArchGen.Formats.Simd;

namespace ArchGen.Formats.IQ1_S;

/// <summary>Codebook entries, an eighth more or less, times the scale of each 32.</summary>
internal readonly unsafe struct IQ1_SDecoder : IBlockFormat
{
    public static int Weights => IQ1_SBlock.Weights;

    public static int Bytes => sizeof(IQ1_SBlock);

    public static void LoadTables() => CodebookTables.Load();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        for (; count > 0; count -= IQ1_SBlock.Weights, source += sizeof(IQ1_SBlock))
        {
            var block = (IQ1_SBlock*)source;
            var d = ScaleTables.Half(block->Scale);
            Memory.Prefetch(source);
            for (var group = 0; group < 8; group++, sink.Advance(32))
            {
                var entries = block->Entries + (4 * group);
                uint word = block->Groups[group];
                // Numbers and shift are in eighths.
                var scale = TSimd.Broadcast(d * ((2 * (word >> 12 & 7)) + 1) / 8);
                // Not by a branch, which would be mispredicted every other time.
                var shift = Vector128.Create((sbyte)(1 - (int)(word >> 14 & 2)));
                var grid = CodebookTables.Iq1;
                ulong first = grid[entries[0] | (word << 8 & 0x700)], second = grid[entries[1] | (word << 5 & 0x700)];
                TSimd.Scaled(ref sink, 0, Vector128.Create(first, second).AsSByte() + shift, scale);
                ulong third = grid[entries[2] | (word << 2 & 0x700)], fourth = grid[entries[3] | (word >> 1 & 0x700)];
                TSimd.Scaled(ref sink, 16, Vector128.Create(third, fourth).AsSByte() + shift, scale);
            }
        }
    }
}
