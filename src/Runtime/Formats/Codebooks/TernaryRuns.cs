using ArchGen.Formats.Search;

namespace ArchGen.Formats.Codebooks;

/// <summary>
/// Groups in entries of eight digits -1, 0, 1 that are all shifted by an eighth up or down (ggml's IQ1_S and IQ1_M). Sorted, a group's numbers fall into three
/// runs, and all ways to cut them are tried; then each eight become the nearest entry of the codebook.
/// </summary>
internal static class TernaryRuns
{
    /// <summary>Numbers of an entry, and the largest value of a scale.</summary>
    public const int EntrySize = 8, MaxScale = 15;

    private const float Delta = 0.125f;

    /// <summary>The levels of the digits, shifted up.</summary>
    public static ReadOnlySpan<float> Up => [-1 + Delta, Delta, 1 + Delta];

    /// <summary>The levels of the digits, shifted down.</summary>
    public static ReadOnlySpan<float> Down => [-1 - Delta, -Delta, 1 - Delta];

    /// <summary>A scale in three bits, which mean odd numbers.</summary>
    public static int RoundScale(float scale, float largest) => Math.Clamp(Lanes.Round(0.5f * ((1 / (largest / MaxScale) * scale) - 1)), 0, 7);

    /// <summary>Finds the entries, the nearest ones if the digits are not an entry; returns the scale, computed again if an entry changed.</summary>
    public static float Place(
        ReadOnlySpan<float> x, ReadOnlySpan<float> weights, float scale, bool isFirstUp, bool areOthersUp, ReadOnlySpan<byte> digits, Span<int> entries)
    {
        var grid = CodebookGrids.Iq1;
        var hasChanged = false;
        for (var k = 0; k < entries.Length; k++)
        {
            var of = digits.Slice(k * EntrySize, EntrySize);
            entries[k] = grid.Find(of);
            if (entries[k] >= 0) continue;
            hasChanged = true;
            entries[k] = Nearest(grid, of, x[(k * EntrySize)..], weights[(k * EntrySize)..], scale, Levels(k));
        }

        if (!hasChanged) return scale;
        float products = 0, squares = 0;
        for (var k = 0; k < entries.Length; k++)
        {
            var entryDigits = grid.Digits(entries[k]);
            var levels = Levels(k);
            for (var i = 0; i < EntrySize; i++)
            {
                var (weight, quant) = (weights[(k * EntrySize) + i], levels[entryDigits[i]]);
                products += weight * quant * x[(k * EntrySize) + i];
                squares += weight * quant * quant;
            }
        }

        return products > 0 && squares > 0 ? products / squares : scale;

        ReadOnlySpan<float> Levels(int k) => (k == 0 ? isFirstUp : areOthersUp) ? Up : Down;
    }

    private static int Nearest(
        CodebookGrid grid, ReadOnlySpan<byte> digits, ReadOnlySpan<float> x, ReadOnlySpan<float> weights, float scale, ReadOnlySpan<float> levels)
    {
        var (nearest, min) = (-1, float.MaxValue);
        foreach (var candidate in grid.Near(digits))
        {
            var error = 0f;
            var entryDigits = grid.Digits(candidate);
            for (var i = 0; i < EntrySize; i++)
            {
                var difference = (scale * levels[entryDigits[i]]) - x[i];
                error += weights[i] * difference * difference;
            }

            if (error < min) (nearest, min) = (candidate, error);
        }

        // Not a number is as far from all.
        return Math.Max(nearest, 0);
    }

    /// <summary>The order of the numbers by size; insertion keeps that of equal ones.</summary>
    public static void Sort(ReadOnlySpan<float> x, Span<int> order)
    {
        for (var i = 0; i < order.Length; i++)
        {
            var at = i;
            for (; at > 0 && x[order[at - 1]] > x[i]; at--) order[at] = order[at - 1];
            order[at] = i;
        }
    }

    /// <summary>Digits of sorted numbers: 0 before the first cut, 1 before the second, then 2.</summary>
    public static void WriteRuns(ReadOnlySpan<int> order, int first, int second, Span<byte> digits)
    {
        for (var i = 0; i < order.Length; i++) digits[order[i]] = (byte)(i < first ? 0 : i < second ? 1 : 2);
    }

    /// <summary>Digits of the negated numbers.</summary>
    public static void Mirror(Span<byte> digits)
    {
        foreach (ref var digit in digits) digit = (byte)(2 - digit);
    }
}
