using ArchGen.Formats.Blocks;
using ArchGen.Formats.Codebooks;

namespace ArchGen.Formats.IQ1_M;

/// <summary>Groups of 16 with two shifts: see <see cref="TernaryRuns"/>.</summary>
internal static unsafe class IQ1_MEncoder
{
    private const int Block = IQ1_MBlock.Weights, Size = 16, Groups = Block / Size;

    // Groups with a smaller maximum magnitude count as zeros.
    private const float Nothing = 1e-7f;

    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
    {
        Span<float> weights = stackalloc float[Block], scales = stackalloc float[Groups];
        Span<byte> digits = stackalloc byte[Size], shifts = stackalloc byte[Groups];
        Span<int> entries = stackalloc int[2];
        fixed (byte* bytes = destination)
        {
            var block = (IQ1_MBlock*)bytes;
            for (var begin = 0; begin < source.Length; begin += Block, block++)
            {
                var row = source.Slice(begin, Block);
                var sigma2 = 2 * BlockWriter.SumOfSquares(row) / Block;
                LatticeGroups.ComputeWeights(row, importance.IsEmpty ? default : importance.Slice(begin, Block), sigma2, weights);
                *block = default;
                var largest = 0f;
                for (var g = 0; g < Groups; g++)
                {
                    var x = row.Slice(g * Size, Size);
                    var w = weights.Slice(g * Size, Size);
                    (scales[g], shifts[g]) = (0, 0);
                    if (BlockWriter.Largest(x).Magnitude < Nothing || !Cut(x, w, digits, out var scale, out var shift)) continue;
                    scale = TernaryRuns.Place(x, w, scale, shift < 2, shift % 2 == 0, digits, entries);
                    (block->Entries[2 * g], block->Entries[(2 * g) + 1]) = ((byte)entries[0], (byte)entries[1]);
                    block->UpperBits[g] = (byte)(entries[0] >> 8 | entries[1] >> 8 << 4);
                    (scales[g], shifts[g]) = (scale, (byte)shift);
                    largest = largest > scale ? largest : scale;
                }

                if (!(largest > 0)) continue;
                var half = BitConverter.HalfToUInt16Bits((Half)(FinalScale(row, weights, scales, shifts, largest, block) * 1.1125f));
                for (var i = 0; i < 4; i++) block->GroupScales[i] |= (ushort)((half >> (4 * i) & 15) << 12);
            }
        }
    }

    // The block's scale follows again from the rounded scales.
    private static float FinalScale(
        ReadOnlySpan<float> x, ReadOnlySpan<float> weights, ReadOnlySpan<float> scales, ReadOnlySpan<byte> shifts, float largest, IQ1_MBlock* block)
    {
        float products = 0, squares = 0;
        for (var g = 0; g < scales.Length; g++)
        {
            var rounded = TernaryRuns.RoundScale(scales[g], largest);
            block->GroupScales[g / 4] |= (ushort)(rounded << (3 * (g % 4)));
            block->UpperBits[g] |= (byte)((shifts[g] >= 2 ? 0x08 : 0) | (shifts[g] % 2 == 1 ? 0x80 : 0));
            for (var k = 0; k < 2; k++)
            {
                var levels = (k == 0 ? shifts[g] < 2 : shifts[g] % 2 == 0) ? TernaryRuns.Up : TernaryRuns.Down;
                var entryDigits = CodebookGrids.Iq1.Digits(block->Entries[(2 * g) + k] | (block->UpperBits[g] << (8 - (4 * k)) & 0x700));
                for (var i = 0; i < TernaryRuns.EntrySize; i++)
                {
                    var at = (g * Size) + (k * TernaryRuns.EntrySize) + i;
                    var quant = levels[entryDigits[i]] * ((2 * rounded) + 1);
                    products += weights[at] * quant * x[at];
                    squares += weights[at] * quant * quant;
                }
            }
        }

        return squares > 0 ? products / squares : largest / TernaryRuns.MaxScale;
    }

    /// <summary>Cuts a group in three runs for the shifts of its two halves: 0 is up and up, 1 up and down, 2 down and up, 3 down and down.</summary>
    private static bool Cut(ReadOnlySpan<float> x, ReadOnlySpan<float> weights, Span<byte> digits, out float scale, out int shift)
    {
        Span<int> order = stackalloc int[Size];
        TernaryRuns.Sort(x, order);
        Span<float> products = stackalloc float[4], squares = stackalloc float[4];
        var (best, first, second) = (-float.MaxValue, -1, -1);
        (scale, shift) = (0, 0);
        for (var i = 0; i <= Size; i++)
        {
            for (var j = i; j <= Size; j++)
            {
                Sum(x, weights, order, i, j, products, squares);
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
        TernaryRuns.WriteRuns(order, first, second, digits);
        if (!(scale < 0)) return true;
        (scale, shift) = (-scale, 3 - shift);
        TernaryRuns.Mirror(digits);
        return true;
    }

    /// <summary>
    /// What a scale follows from, for each of the four shifts, if sorted numbers are cut before <paramref name="first"/> and <paramref name="second"/>.
    /// </summary>
    private static void Sum(
        ReadOnlySpan<float> x, ReadOnlySpan<float> weights, ReadOnlySpan<int> order, int first, int second, Span<float> products, Span<float> squares)
    {
        products.Clear();
        squares.Clear();
        for (var n = 0; n < Size; n++)
        {
            var (at, digit) = (order[n], n < first ? 0 : n < second ? 1 : 2);
            float up = weights[at] * TernaryRuns.Up[digit], down = weights[at] * TernaryRuns.Down[digit];
            for (var way = 0; way < 4; way++)
            {
                var isUp = at < Size / 2 ? way < 2 : way % 2 == 0;
                products[way] += (isUp ? up : down) * x[at];
                squares[way] += isUp ? up * TernaryRuns.Up[digit] : down * TernaryRuns.Down[digit];
            }
        }
    }
}
