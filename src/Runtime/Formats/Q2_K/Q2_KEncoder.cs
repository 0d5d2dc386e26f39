using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.KQuants;
using ArchGen.Formats.Search;

namespace ArchGen.Formats.Q2_K;

/// <summary>Scales and minima of 16 by search, then rounded to 4 bits; the numbers are quantized again by the rounded scales.</summary>
internal static unsafe class Q2_KEncoder
{
    private const int Block = GroupsOf16.Block, Size = GroupsOf16.Size, Groups = GroupsOf16.Groups, MaxScale = 15, MaxQuant = 3;

    [SkipLocalsInit]
    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
    {
        GroupScratch scratch;
        fixed (byte* bytes = destination)
        {
            var block = (Q2_KBlock*)bytes;
            for (var begin = 0; begin < source.Length; begin += Block, block++)
            {
                var x = source.Slice(begin, Block);
                Search(x, importance.IsEmpty ? default : importance.Slice(begin, Block), &scratch);
                Write(x, !importance.IsEmpty, &scratch, block);
            }
        }
    }

    private static void Search(ReadOnlySpan<float> x, ReadOnlySpan<float> importance, GroupScratch* scratch)
    {
        GroupsOf16.Transpose(x, scratch);
        if (!importance.IsEmpty) GroupsOf16.ComputeWeights(x, importance, BlockWriter.SumOfSquares(x) / Block, scratch);
        else for (var i = 0; i < Block; i++) scratch->Weights[i] = MathF.Abs(scratch->X[i]);
        var tries = importance.IsEmpty
            ? new ScaleMinimumTries(MaxQuant, -0.5f, 0.1f, 15, ByMagnitude: true)
            : new ScaleMinimumTries(MaxQuant, -0.9f, 0.05f, 36);
        var (scale, minimum) = ScaleMinimumSearch.Find(scratch->X, scratch->Weights, Size, tries, scratch->Quants, scratch->Tried);
        scale.Store(scratch->Scales);
        minimum.Store(scratch->Minima);
        Lanes.TransposeBack(scratch->Quants, Size, Groups, scratch->Bytes);
    }

    private static void Write(ReadOnlySpan<float> x, bool isWeighted, GroupScratch* scratch, Q2_KBlock* block)
    {
        Span<byte> scales = stackalloc byte[Groups], minima = stackalloc byte[Groups];
        ReadOnlySpan<float> found = new(scratch->Scales, Groups), foundMinima = new(scratch->Minima, Groups), sums = new(scratch->Sums, Groups);
        var (d, m) = isWeighted
            ? (PositiveScaleSearch.Find(found, sums, MaxScale, scales), PositiveScaleSearch.Find(foundMinima, sums, MaxScale, minima))
            : (Rounded(found, scales), Rounded(foundMinima, minima));
        (d, m) = (BlockWriter.Half(&block->Scale, d), BlockWriter.Half(&block->Minimum, m));
        for (var g = 0; g < Groups; g++)
        {
            block->GroupScales[g] = (byte)(scales[g] | minima[g] << 4);
            GroupsOf16.Requantize(x, g, d * scales[g], m * minima[g], 0, MaxQuant, scratch->Bytes);
        }

        BlockWriter.Pairs(new ReadOnlySpan<byte>(scratch->Bytes, Block), block->Quants);
    }

    // The largest becomes 15.
    private static float Rounded(ReadOnlySpan<float> numbers, Span<byte> rounded)
    {
        var largest = 0f;
        foreach (var number in numbers) largest = number > largest ? number : largest;
        if (!(largest > 0))
        {
            rounded.Clear();
            return 0;
        }

        var inverse = MaxScale / largest;
        for (var i = 0; i < numbers.Length; i++) rounded[i] = (byte)Lanes.Round(inverse * numbers[i]);
        return largest / MaxScale;
    }
}
