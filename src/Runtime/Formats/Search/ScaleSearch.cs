using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ArchGen.Formats.Search;

/// <summary>
/// Scales for signed numbers without a minimum, 16 groups at once: the quants are the nearest to x / scale in -max..max - 1, the scale is that of least
/// weighted squared error among 19 candidates around the one at which the largest magnitude is -max (ggml's make_qx_quants).
/// </summary>
internal static unsafe class ScaleSearch
{
    /// <summary>Groups with a smaller maximum magnitude count as zeros.</summary>
    public const float Nothing = 1e-15f;

    private const int Tries = 9;
    private const float TryStep = 0.1f;

    /// <summary>Finds scales, and quants + max; a group of zeros has scale 0 and quants + max of 0.</summary>
    /// <param name="x">[size, 16].</param>
    /// <param name="weights">[size, 16]; null for x squared.</param>
    /// <param name="size">Elements of a group.</param>
    /// <param name="max">Half the number of quants.</param>
    /// <param name="quants">[size, 16].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static Vector512<float> Find(float* x, float* weights, int size, float max, float* quants)
    {
        var (largest, signed) = Largest(x, size);
        var isNothing = Vector512.LessThan(largest, Vector512.Create(Nothing));
        signed = Lanes.Select(isNothing, Vector512<float>.One, signed);
        var inverse = Vector512.Create(-max) / signed;
        var zero = Vector512<float>.Zero;
        var (products, squares) = Sums(x, weights, size, max, inverse);
        var scale = Lanes.Select(Vector512.Equals(squares, zero), zero, products / squares);
        var best = scale * products;
        for (var step = -Tries; step <= Tries; step++)
        {
            if (step == 0) continue;
            var candidate = Vector512.Create(-(max + (TryStep * step))) / signed;
            (products, squares) = Sums(x, weights, size, max, candidate);
            var isBetter = Vector512.GreaterThan(squares, zero) & Vector512.GreaterThan(products * products, best * squares);
            inverse = Lanes.Select(isBetter, candidate, inverse);
            scale = Lanes.Select(isBetter, products / squares, scale);
            best = Lanes.Select(isBetter, scale * products, best);
        }

        Vector512<float> low = Vector512.Create(-max), high = Vector512.Create(max - 1);
        for (var i = 0; i < size; i++)
        {
            var quant = Lanes.Clamp(Lanes.Round(inverse * Vector512.Load(x + (i * Lanes.Count))), low, high) + Vector512.Create(max);
            Lanes.Select(isNothing, zero, quant).Store(quants + (i * Lanes.Count));
        }

        return Lanes.Select(isNothing, zero, scale);
    }

    /// <summary>The largest magnitudes, and the numbers that have them, the first of several.</summary>
    public static (Vector512<float> Largest, Vector512<float> Signed) Largest(float* x, int size)
    {
        Vector512<float> largest = Vector512<float>.Zero, signed = largest;
        for (var i = 0; i < size; i++)
        {
            var value = Vector512.Load(x + (i * Lanes.Count));
            var magnitude = Vector512.Abs(value);
            var isLarger = Vector512.GreaterThan(magnitude, largest);
            largest = Lanes.Select(isLarger, magnitude, largest);
            signed = Lanes.Select(isLarger, value, signed);
        }

        return (largest, signed);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> Products, Vector512<float> Squares) Sums(float* x, float* weights, int size, float max, Vector512<float> inverse)
    {
        Vector512<float> products = Vector512<float>.Zero, squares = products, low = Vector512.Create(-max), high = Vector512.Create(max - 1);
        for (var i = 0; i < size; i++)
        {
            var value = Vector512.Load(x + (i * Lanes.Count));
            var quant = Lanes.Clamp(Lanes.Round(inverse * value), low, high);
            var weight = weights == null ? value * value : Vector512.Load(weights + (i * Lanes.Count));
            products += weight * value * quant;
            squares += weight * quant * quant;
        }

        return (products, squares);
    }
}
