using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Codebooks;
using ArchGen.Formats.Simd;

namespace ArchGen.Formats.IQ1_M;

/// <summary>Codebook entries, an eighth more or less, times the scale of each 16.</summary>
internal readonly unsafe struct IQ1_MDecoder : IBlockFormat
{
    public static int Weights => IQ1_MBlock.Weights;

    public static int Bytes => sizeof(IQ1_MBlock);

    public static void LoadTables() => CodebookTables.Load();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        for (; count > 0; count -= IQ1_MBlock.Weights, source += sizeof(IQ1_MBlock))
        {
            var block = (IQ1_MBlock*)source;
            var words = block->GroupScales;
            var half = (ushort)(words[0] >> 12 | (words[1] >> 8 & 0xF0) | (words[2] >> 4 & 0xF00) | (words[3] & 0xF000));
            var d = ScaleTables.Half(half);
            Memory.Prefetch(source);
            for (var group = 0; group < 16; group++, sink.Advance(16))
            {
                uint upper = block->UpperBits[group];
                var scale = TSimd.Broadcast(d * ((2 * (words[group / 4] >> (3 * (group % 4)) & 7)) + 1) / 8);
                var shift = Vector128.Create(Shift(upper >> 3), Shift(upper >> 7)).AsSByte();
                var entries = block->Entries + (2 * group);
                var first = CodebookTables.Iq1[entries[0] | (upper << 8 & 0x700)];
                var second = CodebookTables.Iq1[entries[1] | (upper << 4 & 0x700)];
                TSimd.Scaled(ref sink, 0, Vector128.Create(first, second).AsSByte() + shift, scale);
            }
        }
    }

    // Eight times -1 where the lowest bit is set, else 1: not by a branch, which would be mispredicted every other time.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Shift(uint bits) => 0x0101_0101_0101_0101ul + ((bits & 1) * 0xFEFE_FEFE_FEFE_FEFEul);
}
