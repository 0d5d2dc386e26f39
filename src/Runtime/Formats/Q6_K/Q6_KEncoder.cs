using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.KQuants;
using ArchGen.Formats.Search;

namespace ArchGen.Formats.Q6_K;

/// <summary>Scales of 16 by search, then rounded to 8 bits; the numbers are quantized again by the rounded scales.</summary>
internal static unsafe class Q6_KEncoder
{
    private const int Block = GroupsOf16.Block, Size = GroupsOf16.Size, Groups = GroupsOf16.Groups, Half = 32, MaxScale = 128;

    [SkipLocalsInit]
    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
    {
        GroupScratch scratch;
        fixed (byte* bytes = destination)
        {
            var block = (Q6_KBlock*)bytes;
            for (var begin = 0; begin < source.Length; begin += Block, block++)
            {
                var x = source.Slice(begin, Block);
                GroupsOf16.Transpose(x, &scratch);
                if (!importance.IsEmpty)
                    fixed (float* weights = importance.Slice(begin, Block)) Lanes.Transpose(weights, Size, Groups, scratch.Weights);
                ScaleSearch.Find(scratch.X, importance.IsEmpty ? null : scratch.Weights, Size, Half, scratch.Quants).Store(scratch.Scales);
                Write(x, &scratch, block);
            }
        }
    }

    private static void Write(ReadOnlySpan<float> x, GroupScratch* scratch, Q6_KBlock* block)
    {
        var (magnitude, largest) = BlockWriter.Largest(new ReadOnlySpan<float>(scratch->Scales, Groups));
        if (magnitude < ScaleSearch.Nothing)
        {
            *block = default;
            return;
        }

        Lanes.TransposeBack(scratch->Quants, Size, Groups, scratch->Bytes);
        var inverse = -MaxScale / largest;
        var d = BlockWriter.Half(&block->Scale, 1 / inverse);
        for (var g = 0; g < Groups; g++)
        {
            block->GroupScales[g] = (sbyte)Math.Min(MaxScale - 1, Lanes.Round(inverse * scratch->Scales[g]));
            GroupsOf16.Requantize(x, g, d * block->GroupScales[g], 0, -Half, Half - 1, scratch->Bytes);
        }

        for (var half = 0; half < 2; half++)
        {
            var q = scratch->Bytes + (half * 128);
            byte* low = block->Quants + (half * 64), upper = block->UpperBits + (half * 32);
            for (var i = 0; i < 32; i++)
            {
                low[i] = (byte)((q[i] & 0x0F) | q[i + 64] << 4);
                low[i + 32] = (byte)((q[i + 32] & 0x0F) | q[i + 96] << 4);
                upper[i] = (byte)(q[i] >> 4 | (q[i + 32] >> 4) << 2 | (q[i + 64] >> 4) << 4 | (q[i + 96] >> 4) << 6);
            }
        }
    }
}
