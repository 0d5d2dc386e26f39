using System.Buffers.Binary;
using ArchGen.Formats.Grids;
using ArchGen.Tools.Quantization.Mixes;

namespace ArchGen.Tools.Quantization.Encoders;

/// <summary>
/// Blocks of 256 in points of eight digits -1, 0, 1 that are all shifted by an eighth up or down: groups of 32 with one shift (ggml's IQ1_S), or of 16 with two
/// (IQ1_M). Sorted, a group's numbers fall into three runs, and all ways to cut them are tried; then each eight become the nearest entry of the codebook.
/// </summary>
internal static class Iq1Encoder
{
    private const int Block = LatticeGroups.Block, Points = 8, MostScale = 15;
    private const float Delta = 0.125f;

    private static ReadOnlySpan<float> Up => [-1 + Delta, Delta, 1 + Delta];

    private static ReadOnlySpan<float> Down => [-1 - Delta, -Delta, 1 - Delta];

    /// <summary>Encodes a row as IQ1_S: a half; the lower eight bits of entries; per 32 numbers their upper bits, a scale of three bits and the shift.</summary>
    public static void EncodeS(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
    {
        const int Bytes = 50, Size = 32, Groups = Block / Size;
        const float Nothing = 1e-12f;
        Span<float> weights = stackalloc float[Size], scales = stackalloc float[Groups];
        Span<byte> digits = stackalloc byte[Size];
        Span<bool> isUp = stackalloc bool[Groups];
        Span<int> entries = stackalloc int[Size / Points], upper = stackalloc int[Groups];
        for (var begin = 0; begin < source.Length; begin += Block, destination = destination[Bytes..])
        {
            var sigma2 = 2 * BlockWriter.SumOfSquares(source.Slice(begin, Block)) / Block;
            destination[..Bytes].Clear();
            upper.Clear();
            var largest = 0f;
            for (var g = 0; g < Groups; g++)
            {
                var at = begin + (g * Size);
                var x = source.Slice(at, Size);
                BlockWriter.Weigh(x, importance.Slice(at, Size), sigma2, weights);
                (scales[g], isUp[g]) = (0, true);
                if (BlockWriter.Largest(x).Magnitude < Nothing || !Cut(x, weights, digits, out var scale, out isUp[g])) continue;
                scale = Place(x, weights, scale, isUp[g], isUp[g], digits, entries);
                for (var k = 0; k < entries.Length; k++)
                {
                    destination[2 + (4 * g) + k] = (byte)entries[k];
                    upper[g] |= entries[k] >> 8 << (3 * k);
                }

                scales[g] = scale;
                largest = largest > scale ? largest : scale;
            }

            if (largest > 0) BlockWriter.Half(destination, largest / MostScale * 1.125f);
            for (var g = 0; g < Groups; g++)
            {
                var rounded = largest > 0 ? RoundScale(scales[g], largest) | (isUp[g] ? 0 : 8) : 0;
                BinaryPrimitives.WriteUInt16LittleEndian(destination[(34 + (2 * g))..], (ushort)(upper[g] | rounded << 12));
            }
        }
    }

    /// <summary>
    /// Encodes a row as IQ1_M: the lower eight bits of entries; per 16 numbers their upper bits and two shifts; scales of three bits, with the bits of a half
    /// among them.
    /// </summary>
    public static void EncodeM(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
    {
        const int Bytes = 56, Size = 16, Groups = Block / Size;
        const float Nothing = 1e-7f;
        Span<float> weights = stackalloc float[Block], scales = stackalloc float[Groups];
        Span<byte> digits = stackalloc byte[Size], shifts = stackalloc byte[Groups];
        Span<int> entries = stackalloc int[2], words = stackalloc int[4];
        for (var begin = 0; begin < source.Length; begin += Block, destination = destination[Bytes..])
        {
            var block = source.Slice(begin, Block);
            var sigma2 = 2 * BlockWriter.SumOfSquares(block) / Block;
            if (!importance.IsEmpty) BlockWriter.Weigh(block, importance.Slice(begin, Block), sigma2, weights);
            else for (var i = 0; i < Block; i++) weights[i] = block[i] * block[i];
            destination[..Bytes].Clear();
            var largest = 0f;
            for (var g = 0; g < Groups; g++)
            {
                var x = block.Slice(g * Size, Size);
                var w = weights.Slice(g * Size, Size);
                (scales[g], shifts[g]) = (0, 0);
                if (BlockWriter.Largest(x).Magnitude < Nothing || !CutInHalves(x, w, digits, out var scale, out var shift)) continue;
                scale = Place(x, w, scale, shift < 2, shift % 2 == 0, digits, entries);
                (destination[2 * g], destination[(2 * g) + 1]) = ((byte)entries[0], (byte)entries[1]);
                destination[32 + g] = (byte)(entries[0] >> 8 | entries[1] >> 8 << 4);
                (scales[g], shifts[g]) = (scale, (byte)shift);
                largest = largest > scale ? largest : scale;
            }

            if (!(largest > 0)) continue;
            var d = FinalScale(block, weights, scales, shifts, largest, destination, words);
            var half = BitConverter.HalfToUInt16Bits((Half)(d * 1.1125f));
            for (var i = 0; i < 4; i++) BinaryPrimitives.WriteUInt16LittleEndian(destination[(48 + (2 * i))..], (ushort)(words[i] | (half >> (4 * i) & 15) << 12));
        }
    }

    // With the scales rounded, the block's own follows anew.
    private static float FinalScale(
        ReadOnlySpan<float> block, ReadOnlySpan<float> weights, ReadOnlySpan<float> scales, ReadOnlySpan<byte> shifts, float largest, Span<byte> destination, Span<int> words)
    {
        const int Size = 16;
        words.Clear();
        float products = 0, squares = 0;
        for (var g = 0; g < scales.Length; g++)
        {
            var rounded = RoundScale(scales[g], largest);
            words[g / 4] |= rounded << (3 * (g % 4));
            destination[32 + g] |= (byte)((shifts[g] >= 2 ? 0x08 : 0) | (shifts[g] % 2 == 1 ? 0x80 : 0));
            for (var k = 0; k < 2; k++)
            {
                var levels = (k == 0 ? shifts[g] < 2 : shifts[g] % 2 == 0) ? Up : Down;
                var point = CodebookGrids.Iq1.Digits(destination[(2 * g) + k] | (destination[32 + g] << (8 - (4 * k)) & 0x700));
                for (var i = 0; i < Points; i++)
                {
                    var at = (g * Size) + (k * Points) + i;
                    var quant = levels[point[i]] * ((2 * rounded) + 1);
                    products += weights[at] * quant * block[at];
                    squares += weights[at] * quant * quant;
                }
            }
        }

        return squares > 0 ? products / squares : largest / MostScale;
    }

    private static int RoundScale(float scale, float largest) => Math.Clamp(Lanes.Round(0.5f * ((1 / (largest / MostScale) * scale) - 1)), 0, 7);

    /// <summary>Cuts a group in three runs for one shift, by sums that grow from number to number.</summary>
    private static bool Cut(ReadOnlySpan<float> x, ReadOnlySpan<float> weights, Span<byte> digits, out float scale, out bool isUp)
    {
        var size = x.Length;
        Span<int> order = stackalloc int[size];
        Sort(x, order);
        Span<float> sums = stackalloc float[size + 1], sumsOfWeights = stackalloc float[size + 1];
        (sums[0], sumsOfWeights[0]) = (0, 0);
        for (var i = 0; i < size; i++)
        {
            sums[i + 1] = sums[i] + (weights[order[i]] * x[order[i]]);
            sumsOfWeights[i + 1] = sumsOfWeights[i] + weights[order[i]];
        }

        var (best, first, second) = (-float.MaxValue, -1, -1);
        (scale, isUp) = (0, true);
        for (var i = 0; i <= size; i++)
        {
            for (var j = i; j <= size; j++)
            {
                for (var way = 0; way < 2; way++)
                {
                    var levels = way == 0 ? Up : Down;
                    var products = ((sums[i] - sums[0]) * levels[0]) + ((sums[j] - sums[i]) * levels[1]) + ((sums[size] - sums[j]) * levels[2]);
                    var squares = ((sumsOfWeights[i] - sumsOfWeights[0]) * levels[0] * levels[0]) + ((sumsOfWeights[j] - sumsOfWeights[i]) * levels[1] * levels[1])
                        + ((sumsOfWeights[size] - sumsOfWeights[j]) * levels[2] * levels[2]);
                    if (!(squares > 0) || !(products * products > best * squares)) continue;
                    scale = products / squares;
                    best = scale * products;
                    (first, second, isUp) = (i, j, way == 0);
                }
            }
        }

        if (first < 0) return false;
        WriteRuns(order, first, second, digits);
        if (!(scale < 0)) return true;
        (scale, isUp) = (-scale, !isUp);
        Mirror(digits);
        return true;
    }

    /// <summary>Cuts a group in three runs for the shifts of its two halves: 0 is up and up, 1 up and down, 2 down and up, 3 down and down.</summary>
    private static bool CutInHalves(ReadOnlySpan<float> x, ReadOnlySpan<float> weights, Span<byte> digits, out float scale, out int shift)
    {
        var size = x.Length;
        Span<int> order = stackalloc int[size];
        Sort(x, order);
        Span<float> products = stackalloc float[4], squares = stackalloc float[4];
        var (best, first, second) = (-float.MaxValue, -1, -1);
        (scale, shift) = (0, 0);
        for (var i = 0; i <= size; i++)
        {
            for (var j = i; j <= size; j++)
            {
                products.Clear();
                squares.Clear();
                for (var n = 0; n < size; n++)
                {
                    var (at, digit) = (order[n], n < i ? 0 : n < j ? 1 : 2);
                    float up = weights[at] * Up[digit], down = weights[at] * Down[digit];
                    for (var way = 0; way < 4; way++)
                    {
                        var isUp = at < size / 2 ? way < 2 : way % 2 == 0;
                        products[way] += (isUp ? up : down) * x[at];
                        squares[way] += isUp ? up * Up[digit] : down * Down[digit];
                    }
                }

                for (var way = 0; way < 4; way++)
                {
                    if (!(squares[way] > 0) || !(products[way] * products[way] > best * squares[way])) continue;
                    scale = products[way] / squares[way];
                    best = scale * products[way];
                    (first, second, shift) = (i, j, way);
                }
            }
        }

        if (first < 0) return false;
        WriteRuns(order, first, second, digits);
        if (!(scale < 0)) return true;
        (scale, shift) = (-scale, 3 - shift);
        Mirror(digits);
        return true;
    }

    /// <summary>Finds the entries, the nearest ones where the digits are none; returns the scale, anew if that changed any.</summary>
    private static float Place(ReadOnlySpan<float> x, ReadOnlySpan<float> weights, float scale, bool isFirstUp, bool areOthersUp, Span<byte> digits, Span<int> entries)
    {
        var grid = CodebookGrids.Iq1;
        var hasChanged = false;
        for (var k = 0; k < entries.Length; k++)
        {
            var of = digits.Slice(k * Points, Points);
            entries[k] = grid.Find(of);
            if (entries[k] >= 0) continue;
            hasChanged = true;
            entries[k] = Nearest(grid, of, x[(k * Points)..], weights[(k * Points)..], scale, Levels(k));
        }

        if (!hasChanged) return scale;
        float products = 0, squares = 0;
        for (var k = 0; k < entries.Length; k++)
        {
            var point = grid.Digits(entries[k]);
            var levels = Levels(k);
            for (var i = 0; i < Points; i++)
            {
                var (weight, quant) = (weights[(k * Points) + i], levels[point[i]]);
                products += weight * quant * x[(k * Points) + i];
                squares += weight * quant * quant;
            }
        }

        return products > 0 && squares > 0 ? products / squares : scale;

        ReadOnlySpan<float> Levels(int k) => (k == 0 ? isFirstUp : areOthersUp) ? Up : Down;
    }

    private static int Nearest(CodebookGrid grid, ReadOnlySpan<byte> digits, ReadOnlySpan<float> x, ReadOnlySpan<float> weights, float scale, ReadOnlySpan<float> levels)
    {
        var (nearest, least) = (-1, float.MaxValue);
        foreach (var candidate in grid.Near(digits))
        {
            var error = 0f;
            var point = grid.Digits(candidate);
            for (var i = 0; i < Points; i++)
            {
                var difference = (scale * levels[point[i]]) - x[i];
                error += weights[i] * difference * difference;
            }

            if (error < least) (nearest, least) = (candidate, error);
        }

        // Not a number is as far from all.
        return Math.Max(nearest, 0);
    }

    // Insertion keeps the order of equal numbers.
    private static void Sort(ReadOnlySpan<float> x, Span<int> order)
    {
        for (var i = 0; i < order.Length; i++)
        {
            var at = i;
            for (; at > 0 && x[order[at - 1]] > x[i]; at--) order[at] = order[at - 1];
            order[at] = i;
        }
    }

    private static void WriteRuns(ReadOnlySpan<int> order, int first, int second, Span<byte> digits)
    {
        for (var i = 0; i < order.Length; i++) digits[order[i]] = (byte)(i < first ? 0 : i < second ? 1 : 2);
    }

    private static void Mirror(Span<byte> digits)
    {
        foreach (ref var digit in digits) digit = (byte)(2 - digit);
    }
}
