namespace ArchGen.Formats.Search;

/// <summary>
/// A scale for numbers that are not negative, with quants from 0 to most: the best of eight candidates and the plain one by weighted squared error, then
/// coordinate descent of the quants in at most five rounds (ggml's make_qp_quants).
/// </summary>
internal static class PositiveScaleSearch
{
    private const int Tries = 4, Rounds = 5;
    private const float TryStep = 0.1f;

    /// <summary>Finds the scale and the quants.</summary>
    public static float Find(ReadOnlySpan<float> x, ReadOnlySpan<float> weights, int max, Span<byte> quants)
    {
        var largest = 0f;
        foreach (var value in x) largest = largest > value ? largest : value;
        if (largest < ScaleSearch.Nothing)
        {
            quants[..x.Length].Clear();
            return 0;
        }

        var inverse = max / largest;
        var best = Error(x, weights, inverse, int.MaxValue);
        for (var step = -Tries; step <= Tries; step++)
        {
            if (step == 0) continue;
            var candidate = ((TryStep * step) + max) / largest;
            var error = Error(x, weights, candidate, max);
            if (!(error < best)) continue;
            (best, inverse) = (error, candidate);
        }

        return Descend(x, weights, max, inverse, quants);
    }

    private static float Error(ReadOnlySpan<float> x, ReadOnlySpan<float> weights, float inverse, int max)
    {
        var (scale, error) = (1 / inverse, 0f);
        for (var i = 0; i < x.Length; i++)
        {
            // The plain candidate's quants are kept in bytes, unlimited.
            var quant = Lanes.Round(inverse * x[i]);
            var difference = x[i] - (scale * (max == int.MaxValue ? (byte)quant : Math.Min(max, quant)));
            error += weights[i] * difference * difference;
        }

        return error;
    }

    private static float Descend(ReadOnlySpan<float> x, ReadOnlySpan<float> weights, int max, float inverse, Span<byte> quants)
    {
        float products = 0, squares = 0;
        for (var i = 0; i < x.Length; i++)
        {
            var quant = Math.Min(max, Lanes.Round(inverse * x[i]));
            quants[i] = (byte)quant;
            products += weights[i] * x[i] * quant;
            squares += weights[i] * quant * quant;
        }

        for (var round = 0; round < Rounds; round++)
        {
            var hasChanged = false;
            for (var i = 0; i < x.Length; i++)
            {
                var weight = weights[i];
                var otherProducts = products - (weight * x[i] * quants[i]);
                var otherSquares = squares - (weight * quants[i] * quants[i]);
                if (!(otherProducts > 0) || !(otherSquares > 0)) continue;
                var quant = Math.Min(max, Lanes.Round(x[i] * otherSquares / otherProducts));
                if (quant == quants[i]) continue;
                otherProducts += weight * x[i] * quant;
                otherSquares += weight * quant * quant;
                if (!(otherProducts * otherProducts * squares > products * products * otherSquares)) continue;
                (quants[i], products, squares, hasChanged) = ((byte)quant, otherProducts, otherSquares, true);
            }

            if (!hasChanged) break;
        }

        return squares > 0 ? products / squares : 0;
    }
}
