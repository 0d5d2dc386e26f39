using ArchGen.Formats.Search;

namespace ArchGen.Formats.Codebooks;

/// <summary>
/// Scales and codebook entries for a group of magnitudes: candidates of the scale round each few numbers to digits, and where these are no entry of the
/// codebook the nearest by weighted error is taken; the scale follows by least squares (ggml's quantize_row_iq2_*_impl and iq3_*_impl).
/// </summary>
/// <param name="grid">The codebook.</param>
/// <param name="digits">Values of a digit: 3 or 8.</param>
/// <param name="tries">Candidates to either side.</param>
/// <param name="step">By how much they differ.</param>
internal sealed class LatticeSearch(CodebookGrid grid, int digits, int tries, float step)
{
    /// <summary>Groups with a smaller maximum count as zeros.</summary>
    public float Nothing { get; init; } = ScaleSearch.Nothing;

    /// <summary>Whether the first scale is searched among quants without a codebook.</summary>
    public bool BeginsFree { get; init; }

    /// <summary>Whether all entries are chosen again by the final scale: always, if any was not already an entry, or only those that were not.</summary>
    public Refinement Refinement { get; init; }

    /// <summary>Whether a group counts as zeros.</summary>
    public bool IsNothing(ReadOnlySpan<float> x) => Nothing > 0 ? Largest(x) < Nothing : Largest(x) == 0;

    /// <summary>Finds the scale, which may be negative, and the digits, which are entries; 0 and digits of 0 for a group of zeros.</summary>
    public float Find(ReadOnlySpan<float> x, ReadOnlySpan<float> weights, Span<byte> result)
    {
        var size = x.Length;
        Span<float> roots = stackalloc float[size];
        for (var i = 0; i < size; i++) roots[i] = MathF.Sqrt(weights[i]);
        result.Clear();
        if (IsNothing(x)) return 0;
        var largest = Largest(x);

        var unit = (2 * digits) - 1;
        float best = 0, scale = largest / unit, range = largest;
        if (BeginsFree)
        {
            scale = PositiveScaleSearch.Find(x, weights, digits + 1, result);
            range = scale * digits;
            if (range <= 0)
            {
                result.Clear();
                return 0;
            }
        }

        Span<byte> tried = stackalloc byte[size];
        Span<bool> isEntry = stackalloc bool[size / grid.Dimensions], isEntryTried = stackalloc bool[size / grid.Dimensions];
        isEntry.Fill(Refinement == Refinement.OfMissing);
        for (var t = -tries; t <= tries; t++)
        {
            var inverse = (unit + (t * step)) / range;
            for (var k = 0; k < isEntry.Length; k++) isEntryTried[k] = Round(x, roots, k, inverse, 1 / inverse, tried);
            var (products, squares) = Sums(x, weights, tried);
            if (!(squares > 0) || !(products * products > best * squares)) continue;
            scale = products / squares;
            best = scale * products;
            tried.CopyTo(result);
            isEntryTried.CopyTo(isEntry);
        }

        if (scale > 0 && (Refinement == Refinement.OfAll || isEntry.Contains(false)))
        {
            for (var k = 0; k < isEntry.Length; k++)
                if (Refinement != Refinement.OfMissing || !isEntry[k]) Round(x, roots, k, 1 / scale, scale, result);
            var (products, squares) = Sums(x, weights, result);
            if (squares > 0) scale = products / squares;
        }

        return scale;
    }

    /// <summary>Rounds one entry's numbers; returns whether their digits are an entry.</summary>
    private bool Round(ReadOnlySpan<float> x, ReadOnlySpan<float> weights, int entry, float inverse, float scale, Span<byte> result)
    {
        var (begin, count) = (entry * grid.Dimensions, grid.Dimensions);
        var of = result.Slice(begin, count);
        for (var i = 0; i < count; i++) of[i] = (byte)Math.Clamp(Lanes.Round(0.5f * ((inverse * x[begin + i]) - 1)), 0, digits - 1);
        if (grid.Find(of) >= 0) return true;
        var (nearest, min) = (-1, float.MaxValue);
        foreach (var candidate in grid.Near(of))
        {
            var error = 0f;
            var entryDigits = grid.Digits(candidate);
            for (var i = 0; i < count; i++)
            {
                var difference = (scale * ((2 * entryDigits[i]) + 1)) - x[begin + i];
                error += weights[begin + i] * difference * difference;
            }

            if (error < min) (nearest, min) = (candidate, error);
        }

        // Not a number is as far from all.
        grid.Digits(Math.Max(nearest, 0)).CopyTo(of);
        return false;
    }

    private static float Largest(ReadOnlySpan<float> x)
    {
        var largest = x[0];
        foreach (var value in x) largest = largest > value ? largest : value;
        return largest;
    }

    private static (float Products, float Squares) Sums(ReadOnlySpan<float> x, ReadOnlySpan<float> weights, ReadOnlySpan<byte> quants)
    {
        float products = 0, squares = 0;
        for (var i = 0; i < x.Length; i++)
        {
            float quant = (2 * quants[i]) + 1;
            products += weights[i] * x[i] * quant;
            squares += weights[i] * quant * quant;
        }

        return (products, squares);
    }
}

/// <summary>The entries that are chosen again by the final scale.</summary>
internal enum Refinement
{
    OfMissing,
    OfAllIfAnyIsMissing,
    OfAll,
}
