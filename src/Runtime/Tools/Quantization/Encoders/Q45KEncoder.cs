using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ArchGen.Tools.Quantization.Encoders;

/// <summary>
/// Blocks of 256 in groups of 32 with 6-bit scales and minima (ggml's Q4_K and Q5_K): the groups of two blocks are searched at once, then scales and minima are
/// rounded, and the numbers again by what those became.
/// </summary>
internal static unsafe class Q45KEncoder
{
    private const int Block = 256, Size = 32, Groups = Block / Size, MostScale = 63;

    /// <summary>Encodes a row of whole blocks.</summary>
    [SkipLocalsInit]
    public static void EncodeRow(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance, int bits)
    {
        GroupRoom room;
        var blockBytes = 16 + (bits == 5 ? 32 : 0) + 128;
        for (var begin = 0; begin < source.Length; begin += 2 * Block)
        {
            var blocks = Math.Min(2, (source.Length - begin) / Block);
            var part = source.Slice(begin, blocks * Block);
            Search(part, importance.IsEmpty ? default : importance.Slice(begin, part.Length), bits, &room);
            for (var b = 0; b < blocks; b++, destination = destination[blockBytes..])
                Write(part.Slice(b * Block, Block), b * Groups, !importance.IsEmpty, bits, &room, destination[..blockBytes]);
        }
    }

    private static void Search(ReadOnlySpan<float> x, ReadOnlySpan<float> importance, int bits, GroupRoom* room)
    {
        var groups = x.Length / Size;
        fixed (float* source = x) Lanes.Turn(source, Size, groups, room->X);
        for (var g = 0; g < groups; g++)
        {
            var group = x.Slice(g * Size, Size);
            var weights = new Span<float>(room->Weighed + (g * Size), Size);
            if (importance.IsEmpty)
            {
                var mean = MathF.Sqrt(BlockWriter.SumOfSquares(group) / Size);
                for (var i = 0; i < Size; i++) weights[i] = mean + MathF.Abs(group[i]);
                continue;
            }

            var sigma2 = 2 * BlockWriter.SumOfSquares(x.Slice(g / Groups * Block, Block)) / Block;
            BlockWriter.Weigh(group, importance.Slice(g * Size, Size), sigma2, weights);
            var sum = 0f;
            foreach (var weight in weights) sum += weight;
            room->Sums[g] = sum;
        }

        Lanes.Turn(room->Weighed, Size, groups, room->Weights);
        var most = (1 << bits) - 1;
        var tries = !importance.IsEmpty ? new ScaleMinimumTries(most, -0.9f, 0.05f, 36)
            : bits == 4 ? new ScaleMinimumTries(most, -1, 0.1f, 20)
            : new ScaleMinimumTries(most, -0.5f, 0.1f, 15);
        var (scale, minimum) = ScaleMinimumSearch.Find(room->X, room->Weights, Size, tries, room->Quants, room->Tried);
        scale.Store(room->Scales);
        minimum.Store(room->Minima);
        Lanes.TurnBack(room->Quants, Size, groups, room->Bytes);
    }

    private static void Write(ReadOnlySpan<float> x, int firstGroup, bool isWeighted, int bits, GroupRoom* room, Span<byte> block)
    {
        Span<byte> scales = stackalloc byte[Groups], minima = stackalloc byte[Groups];
        var (d, m) = isWeighted
            ? (PositiveScaleSearch.Find(Of(room->Scales), Of(room->Sums), MostScale, scales), PositiveScaleSearch.Find(Of(room->Minima), Of(room->Sums), MostScale, minima))
            : (Rounded(Of(room->Scales), scales), Rounded(Of(room->Minima), minima));
        (d, m) = (BlockWriter.Half(block, d), BlockWriter.Half(block[2..], m));
        PackScales(scales, minima, block.Slice(4, 12));
        var quants = new Span<byte>(room->Bytes + (firstGroup * Size), Block);
        for (var g = 0; g < Groups; g++)
        {
            float scale = d * scales[g], minimum = m * minima[g];
            if (scale == 0) continue;
            Requantize(x.Slice(g * Size, Size), scale, minimum, (1 << bits) - 1, quants.Slice(g * Size, Size));
        }

        if (bits == 5)
        {
            var upper = block.Slice(16, 32);
            upper.Clear();
            for (var i = 0; i < Block; i++) upper[i % Size] |= (byte)((quants[i] >> 4) << (i / Size));
        }

        for (var pair = 0; pair < Groups / 2; pair++)
        {
            Span<byte> low = quants.Slice(pair * 2 * Size, Size), high = quants.Slice(((pair * 2) + 1) * Size, Size), target = block[(block.Length - 128 + (pair * Size))..];
            for (var i = 0; i < Size; i++) target[i] = (byte)((low[i] & 0x0F) | (high[i] << 4));
        }

        ReadOnlySpan<float> Of(float* numbers) => new(numbers + firstGroup, Groups);
    }

    private static void Requantize(ReadOnlySpan<float> x, float scale, float minimum, int most, Span<byte> quants)
    {
        for (var i = 0; i < x.Length; i++) quants[i] = (byte)Math.Clamp(Lanes.Round((x[i] + minimum) / scale), 0, most);
    }

    // The largest becomes 63.
    private static float Rounded(ReadOnlySpan<float> numbers, Span<byte> rounded)
    {
        var largest = 0f;
        foreach (var number in numbers) largest = number > largest ? number : largest;
        var inverse = largest > 0 ? MostScale / largest : 0f;
        for (var i = 0; i < numbers.Length; i++) rounded[i] = Math.Min((byte)MostScale, (byte)Lanes.Round(inverse * numbers[i]));
        return largest / MostScale;
    }

    /// <summary>Packs eight 6-bit scales and minima: see SixBitScales, which reads them.</summary>
    private static void PackScales(ReadOnlySpan<byte> scales, ReadOnlySpan<byte> minima, Span<byte> packed)
    {
        for (var i = 0; i < 4; i++)
        {
            packed[i] = (byte)(scales[i] | (scales[i + 4] >> 4) << 6);
            packed[i + 4] = (byte)(minima[i] | (minima[i + 4] >> 4) << 6);
            packed[i + 8] = (byte)((scales[i + 4] & 0x0F) | minima[i + 4] << 4);
        }
    }
}
