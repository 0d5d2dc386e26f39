using ArchGen.Formats.Blocks;
using ArchGen.Formats.Search;

namespace ArchGen.Formats.Nonlinear;

/// <summary>
/// Four-bit numbers that select unevenly spaced levels, in groups of 32 (IQ4_NL, IQ4_XS): the scale is that of least weighted error among 15 candidates and
/// the plain one.
/// </summary>
internal static class NonlinearSearch
{
    /// <summary>Numbers of a group.</summary>
    public const int Size = 32;

    private const int Tries = 7;

    /// <summary>Finds the scale; 0 for a group of zeros.</summary>
    public static float FindScale(ReadOnlySpan<float> x, ReadOnlySpan<float> importance, float sigma2)
    {
        Span<float> weights = stackalloc float[Size];
        if (importance.IsEmpty)
            for (var i = 0; i < Size; i++) weights[i] = x[i] * x[i];
        else BlockWriter.ComputeWeights(x, importance, sigma2, weights);
        var (magnitude, largest) = BlockWriter.Largest(x);
        if (magnitude < ScaleSearch.Nothing) return 0;

        var (products, squares) = Sums(x, weights, 1 / (-largest / NonlinearLevels.Values[0]));
        var scale = squares > 0 ? products / squares : 0;
        var best = scale * products;
        for (var step = -Tries; step <= Tries; step++)
        {
            (products, squares) = Sums(x, weights, (step + NonlinearLevels.Values[0]) / largest);
            if (!(squares > 0) || !(products * products > best * squares)) continue;
            scale = products / squares;
            best = scale * products;
        }

        return scale;
    }

    private static (float Products, float Squares) Sums(ReadOnlySpan<float> x, ReadOnlySpan<float> weights, float inverse)
    {
        float products = 0, squares = 0;
        for (var i = 0; i < x.Length; i++)
        {
            float level = NonlinearLevels.Values[Nearest(inverse * x[i])];
            products += weights[i] * level * x[i];
            squares += weights[i] * level * level;
        }

        return (products, squares);
    }

    /// <summary>Finds the nearest levels.</summary>
    public static void Quantize(ReadOnlySpan<float> x, float inverse, Span<byte> quants)
    {
        for (var i = 0; i < x.Length; i++) quants[i] = (byte)Nearest(inverse * x[i]);
    }

    private static int Nearest(float x)
    {
        if (x <= NonlinearLevels.Values[0]) return 0;
        if (x >= NonlinearLevels.Values[^1]) return NonlinearLevels.Values.Length - 1;
        int low = 0, high = NonlinearLevels.Values.Length - 1;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (x < NonlinearLevels.Values[middle]) high = middle;
            else low = middle;
        }

        return x - NonlinearLevels.Values[high - 1] < NonlinearLevels.Values[high] - x ? high - 1 : high;
    }
}
