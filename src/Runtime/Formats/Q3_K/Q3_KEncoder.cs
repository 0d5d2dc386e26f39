using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.KQuants;
using ArchGen.Formats.Search;

namespace ArchGen.Formats.Q3_K;

/// <summary>Scales of 16 by search, then rounded to 6 bits; the numbers are quantized again by the rounded scales.</summary>
internal static unsafe class Q3_KEncoder
{
    private const int Block = GroupsOf16.Block, Size = GroupsOf16.Size, Groups = GroupsOf16.Groups, HalfScale = 32, Half = 4;

    [SkipLocalsInit]
    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
    {
        GroupScratch scratch;
        Span<byte> scales = stackalloc byte[Groups];
        fixed (byte* bytes = destination)
        {
            var block = (Q3_KBlock*)bytes;
            for (var begin = 0; begin < source.Length; begin += Block, block++)
            {
                var x = source.Slice(begin, Block);
                GroupsOf16.Transpose(x, &scratch);
                var d = importance.IsEmpty ? FindScales(&scratch, scales) : FindScales(x, importance.Slice(begin, Block), &scratch, scales);
                Lanes.TransposeBack(scratch.Quants, Size, Groups, scratch.Bytes);
                Write(x, BlockWriter.Half(&block->Scale, d), scales, scratch.Bytes, block);
            }
        }
    }

    private static float FindScales(GroupScratch* scratch, Span<byte> scales)
    {
        DescentSearch.Find(scratch->X, Size, Half, scratch->Quants).Store(scratch->Scales);
        var (_, largest) = BlockWriter.Largest(new ReadOnlySpan<float>(scratch->Scales, Groups));
        if (largest == 0)
        {
            scales.Clear();
            return 0;
        }

        var inverse = -HalfScale / largest;
        for (var g = 0; g < Groups; g++)
            scales[g] = (byte)(Math.Clamp((sbyte)Lanes.Round(inverse * scratch->Scales[g]), (sbyte)-HalfScale, (sbyte)(HalfScale - 1)) + HalfScale);
        return 1 / inverse;
    }

    /// <summary>The scale of the groups' scales, weighted by their sums: one group of 16, in the first lane of the search.</summary>
    private static float FindScales(ReadOnlySpan<float> x, ReadOnlySpan<float> importance, GroupScratch* scratch, Span<byte> scales)
    {
        GroupsOf16.ComputeWeights(x, importance, 2 * BlockWriter.SumOfSquares(x) / Block, scratch);
        ScaleSearch.Find(scratch->X, scratch->Weights, Size, Half, scratch->Quants).Store(scratch->Scales);
        Lanes.Transpose(scratch->Scales, Size, 1, scratch->X);
        Lanes.Transpose(scratch->Sums, Size, 1, scratch->Weights);
        var scale = ScaleSearch.Find(scratch->X, scratch->Weights, Size, HalfScale, scratch->Tried);
        for (var g = 0; g < Groups; g++) scales[g] = (byte)(int)scratch->Tried[g * Lanes.Count];
        return scale.ToScalar();
    }

    private static void Write(ReadOnlySpan<float> x, float d, ReadOnlySpan<byte> scales, byte* quants, Q3_KBlock* block)
    {
        PackScales(scales, new Span<byte>(block->GroupScales, 12));
        for (var g = 0; g < Groups; g++) GroupsOf16.Requantize(x, g, d * (scales[g] - HalfScale), 0, -Half, Half - 1, quants);
        new Span<byte>(block->ThirdBits, 32).Clear();
        for (var i = 0; i < Block; i++)
            if (quants[i] >= Half) block->ThirdBits[i % 32] |= (byte)(1 << (i / 32));
        BlockWriter.Pairs(new ReadOnlySpan<byte>(quants, Block), block->Quants);
    }

    /// <summary>Packs 16 6-bit scales: low nibbles in 8 bytes, the upper two bits in the last 4.</summary>
    private static void PackScales(ReadOnlySpan<byte> scales, Span<byte> packed)
    {
        packed.Clear();
        for (var g = 0; g < Groups; g++)
        {
            packed[g % 8] |= (byte)((scales[g] & 0x0F) << (g < 8 ? 0 : 4));
            packed[8 + (g % 4)] |= (byte)((scales[g] >> 4) << (2 * (g / 4)));
        }
    }
}
