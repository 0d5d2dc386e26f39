using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ArchGen.Formats.Search;

/// <summary>
/// Scales for signed numbers, 16 groups at once, by coordinate descent: beginning with the scale at which the largest magnitude is -max, each quant
/// in order becomes the best for the scale that the others give, in at most five rounds (ggml's make_q3_quants). Weights are x squared.
/// </summary>
internal static unsafe class DescentSearch
{
    private const int Rounds = 5;

    /// <summary>Finds scales, and quants + max; a group of zeros has scale 0 and quants + max of 0. Parameters as <see cref="ScaleSearch.Find"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static Vector512<float> Find(float* x, int size, float max, float* quants)
    {
        var (largest, signed) = ScaleSearch.Largest(x, size);
        Vector512<float> zero = Vector512<float>.Zero, low = Vector512.Create(-max), high = Vector512.Create(max - 1);
        var isNothing = Vector512.LessThan(largest, Vector512.Create(ScaleSearch.Nothing));
        var inverse = low / Lanes.Select(isNothing, Vector512<float>.One, signed);
        Vector512<float> products = zero, squares = zero;
        for (var i = 0; i < size; i++)
        {
            var value = Vector512.Load(x + (i * Lanes.Count));
            var quant = Lanes.Clamp(Lanes.Round(inverse * value), low, high);
            quant.Store(quants + (i * Lanes.Count));
            var weight = value * value;
            products += weight * value * quant;
            squares += weight * quant * quant;
        }

        // A group ends after the first round that changes nothing in it.
        var isRunning = ~isNothing;
        for (var round = 0; round < Rounds && isRunning != zero; round++)
        {
            var hasChanged = zero;
            for (var i = 0; i < size; i++)
            {
                var value = Vector512.Load(x + (i * Lanes.Count));
                var old = Vector512.Load(quants + (i * Lanes.Count));
                var weight = value * value;
                var otherProducts = products - (weight * value * old);
                var otherSquares = squares - (weight * old * old);
                var quant = Lanes.Clamp(Lanes.Round(value * otherSquares / otherProducts), low, high);
                var newProducts = otherProducts + (weight * value * quant);
                var newSquares = otherSquares + (weight * quant * quant);
                var isBetter = isRunning & Vector512.GreaterThan(otherProducts, zero) & ~Vector512.Equals(quant, old) & Vector512.GreaterThan(newSquares, zero)
                    & Vector512.GreaterThan(newProducts * newProducts * squares, products * products * newSquares);
                Lanes.Select(isBetter, quant, old).Store(quants + (i * Lanes.Count));
                products = Lanes.Select(isBetter, newProducts, products);
                squares = Lanes.Select(isBetter, newSquares, squares);
                hasChanged |= isBetter;
            }

            isRunning &= hasChanged;
        }

        for (var i = 0; i < size; i++)
            Lanes.Select(isNothing, zero, Vector512.Load(quants + (i * Lanes.Count)) + Vector512.Create(max)).Store(quants + (i * Lanes.Count));
        return Lanes.Select(isNothing | ~Vector512.GreaterThan(squares, zero), zero, products / squares);
    }
}
