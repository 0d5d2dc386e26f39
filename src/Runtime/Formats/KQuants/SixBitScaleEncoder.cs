using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Search;

namespace ArchGen.Formats.KQuants;

/// <summary>
/// Blocks of 256 in groups of 32 with 6-bit scales and minima (ggml's Q4_K and Q5_K): the groups of two blocks are searched at once, then scales and minima are
/// rounded, and the numbers again by what those became.
/// </summary>
internal static unsafe class SixBitScaleEncoder
{
    private const int Block = 256, Size = 32, Groups = Block / Size, MaxScale = 63;

    /// <summary>Encodes a row of whole blocks.</summary>
    [SkipLocalsInit]
    public static void Encode<TEncoder>(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
        where TEncoder : struct, ISixBitScaleEncoder
    {
        GroupScratch scratch;
        var max = (1 << TEncoder.Bits) - 1;
        fixed (byte* bytes = destination)
        {
            var block = bytes;
            for (var begin = 0; begin < source.Length; begin += 2 * Block)
            {
                var blocks = Math.Min(2, (source.Length - begin) / Block);
                var part = source.Slice(begin, blocks * Block);
                var tries = importance.IsEmpty ? TEncoder.Tries : new ScaleMinimumTries(max, -0.9f, 0.05f, 36);
                Search(part, importance.IsEmpty ? default : importance.Slice(begin, part.Length), tries, &scratch);
                for (var b = 0; b < blocks; b++, block += TEncoder.Bytes)
                    Write(part.Slice(b * Block, Block), b * Groups, !importance.IsEmpty, max, &scratch, TEncoder.Parts(block));
            }
        }
    }

    private static void Search(ReadOnlySpan<float> x, ReadOnlySpan<float> importance, ScaleMinimumTries tries, GroupScratch* scratch)
    {
        var groups = x.Length / Size;
        fixed (float* source = x) Lanes.Transpose(source, Size, groups, scratch->X);
        for (var g = 0; g < groups; g++)
        {
            var group = x.Slice(g * Size, Size);
            var weights = new Span<float>(scratch->ElementWeights + (g * Size), Size);
            if (importance.IsEmpty)
            {
                var mean = MathF.Sqrt(BlockWriter.SumOfSquares(group) / Size);
                for (var i = 0; i < Size; i++) weights[i] = mean + MathF.Abs(group[i]);
                continue;
            }

            var sigma2 = 2 * BlockWriter.SumOfSquares(x.Slice(g / Groups * Block, Block)) / Block;
            BlockWriter.ComputeWeights(group, importance.Slice(g * Size, Size), sigma2, weights);
            var sum = 0f;
            foreach (var weight in weights) sum += weight;
            scratch->Sums[g] = sum;
        }

        Lanes.Transpose(scratch->ElementWeights, Size, groups, scratch->Weights);
        var (scale, minimum) = ScaleMinimumSearch.Find(scratch->X, scratch->Weights, Size, tries, scratch->Quants, scratch->Tried);
        scale.Store(scratch->Scales);
        minimum.Store(scratch->Minima);
        Lanes.TransposeBack(scratch->Quants, Size, groups, scratch->Bytes);
    }

    private static void Write(ReadOnlySpan<float> x, int firstGroup, bool isWeighted, int max, GroupScratch* scratch, SixBitScaleParts block)
    {
        Span<byte> scales = stackalloc byte[Groups], minima = stackalloc byte[Groups];
        ReadOnlySpan<float> found = new(scratch->Scales + firstGroup, Groups), foundMinima = new(scratch->Minima + firstGroup, Groups);
        var sums = new ReadOnlySpan<float>(scratch->Sums + firstGroup, Groups);
        var (d, m) = isWeighted
            ? (PositiveScaleSearch.Find(found, sums, MaxScale, scales), PositiveScaleSearch.Find(foundMinima, sums, MaxScale, minima))
            : (Rounded(found, scales), Rounded(foundMinima, minima));
        (d, m) = (BlockWriter.Half(block.Scale, d), BlockWriter.Half(block.Minimum, m));
        PackScales(scales, minima, block.GroupScales);
        var quants = new Span<byte>(scratch->Bytes + (firstGroup * Size), Block);
        for (var g = 0; g < Groups; g++)
        {
            float scale = d * scales[g], minimum = m * minima[g];
            if (scale == 0) continue;
            Requantize(x.Slice(g * Size, Size), scale, minimum, max, quants.Slice(g * Size, Size));
        }

        if (block.FifthBits != null)
        {
            var upper = new Span<byte>(block.FifthBits, Size);
            upper.Clear();
            for (var i = 0; i < Block; i++) upper[i % Size] |= (byte)((quants[i] >> 4) << (i / Size));
        }

        for (var pair = 0; pair < Groups / 2; pair++)
        {
            Span<byte> low = quants.Slice(pair * 2 * Size, Size), high = quants.Slice(((pair * 2) + 1) * Size, Size);
            for (var i = 0; i < Size; i++) block.Quants[(pair * Size) + i] = (byte)((low[i] & 0x0F) | (high[i] << 4));
        }
    }

    private static void Requantize(ReadOnlySpan<float> x, float scale, float minimum, int max, Span<byte> quants)
    {
        for (var i = 0; i < x.Length; i++) quants[i] = (byte)Math.Clamp(Lanes.Round((x[i] + minimum) / scale), 0, max);
    }

    // The largest becomes 63.
    private static float Rounded(ReadOnlySpan<float> numbers, Span<byte> rounded)
    {
        var largest = 0f;
        foreach (var number in numbers) largest = number > largest ? number : largest;
        var inverse = largest > 0 ? MaxScale / largest : 0f;
        for (var i = 0; i < numbers.Length; i++) rounded[i] = Math.Min((byte)MaxScale, (byte)Lanes.Round(inverse * numbers[i]));
        return largest / MaxScale;
    }

    /// <summary>Packs eight 6-bit scales and minima: see <see cref="SixBitScales"/>, which reads them.</summary>
    private static void PackScales(ReadOnlySpan<byte> scales, ReadOnlySpan<byte> minima, byte* packed)
    {
        for (var i = 0; i < 4; i++)
        {
            packed[i] = (byte)(scales[i] | (scales[i + 4] >> 4) << 6);
            packed[i + 4] = (byte)(minima[i] | (minima[i + 4] >> 4) << 6);
            packed[i + 8] = (byte)((scales[i + 4] & 0x0F) | minima[i + 4] << 4);
        }
    }
}
