using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ArchGen.Formats.Search;

/// <summary>The candidates for a scale and a minimum.</summary>
/// <param name="Max">The largest quant.</param>
/// <param name="First">The addend to the largest quant of the first candidate.</param>
/// <param name="Step">The difference of that addend from one candidate to the next.</param>
/// <param name="Steps">The number of candidates after the first.</param>
/// <param name="ByMagnitude">Whether errors count by their magnitude, not squared.</param>
internal readonly record struct ScaleMinimumTries(int Max, float First, float Step, int Steps, bool ByMagnitude = false);

/// <summary>
/// Scales and minima for quants from 0 on, 16 groups at once: for candidates of the scale the quants are rounded, then scale and minimum follow from
/// them by weighted least squares; those of least error win (ggml's make_qkx2_quants and make_qkx3_quants).
/// </summary>
internal static unsafe class ScaleMinimumSearch
{
    /// <summary>Finds scales, minima (subtracted, not negative) and quants.</summary>
    /// <param name="x">[size, 16].</param>
    /// <param name="weights">[size, 16].</param>
    /// <param name="size">Elements of a group.</param>
    /// <param name="tries">The candidates.</param>
    /// <param name="quants">[size, 16].</param>
    /// <param name="tried">Scratch, [size, 16].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static (Vector512<float> Scale, Vector512<float> Minimum) Find(
        float* x, float* weights, int size, ScaleMinimumTries tries, float* quants, float* tried)
    {
        var zero = Vector512<float>.Zero;
        Measure(x, weights, size, out var min, out var max, out var sumOfWeights, out var sum);
        min = Lanes.Select(Vector512.GreaterThan(min, zero), zero, min);
        var isConstant = Vector512.LessThanOrEqual(max, min);
        var range = Lanes.Select(isConstant, Vector512<float>.One, max - min);
        Vector512<float> minimum = min, largest = Vector512.Create((float)tries.Max);
        var inverse = largest / range;
        var scale = Vector512<float>.One / inverse;
        for (var i = 0; i < size; i++) Quant(x, i, inverse, minimum, largest).Store(quants + (i * Lanes.Count));
        var best = Error(x, weights, size, quants, scale, minimum, tries.ByMagnitude);
        for (var step = 0; step <= tries.Steps; step++)
        {
            // The range stays that of the numbers; the minimum is the best so far.
            inverse = Vector512.Create(tries.First + (tries.Step * step) + tries.Max) / (max - minimum);
            Vector512<float> quantSum = zero, squares = zero, products = zero;
            for (var i = 0; i < size; i++)
            {
                var quant = Quant(x, i, inverse, minimum, largest);
                quant.Store(tried + (i * Lanes.Count));
                var weighted = Vector512.Load(weights + (i * Lanes.Count)) * quant;
                quantSum += weighted;
                squares += weighted * quant;
                products += weighted * Vector512.Load(x + (i * Lanes.Count));
            }

            var determinant = (sumOfWeights * squares) - (quantSum * quantSum);
            var candidate = ((sumOfWeights * products) - (sum * quantSum)) / determinant;
            var candidateMinimum = ((squares * sum) - (quantSum * products)) / determinant;
            var isPositive = Vector512.GreaterThan(candidateMinimum, zero);
            candidateMinimum = Lanes.Select(isPositive, zero, candidateMinimum);
            candidate = Lanes.Select(isPositive, products / squares, candidate);
            var error = Error(x, weights, size, tried, candidate, candidateMinimum, tries.ByMagnitude);
            var isBetter = ~isConstant & Vector512.GreaterThan(determinant, zero) & Vector512.LessThan(error, best);
            if (isBetter == zero) continue;
            for (var i = 0; i < size; i++)
                Lanes.Select(isBetter, Vector512.Load(tried + (i * Lanes.Count)), Vector512.Load(quants + (i * Lanes.Count))).Store(quants + (i * Lanes.Count));
            best = Lanes.Select(isBetter, error, best);
            scale = Lanes.Select(isBetter, candidate, scale);
            minimum = Lanes.Select(isBetter, candidateMinimum, minimum);
        }

        for (var i = 0; i < size; i++) Lanes.Select(isConstant, zero, Vector512.Load(quants + (i * Lanes.Count))).Store(quants + (i * Lanes.Count));
        return (Lanes.Select(isConstant, zero, scale), -Lanes.Select(isConstant, min, minimum));
    }

    /// <summary>The range of each group, the sum of its weights, and the weighted sum of its numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Measure(
        float* x, float* weights, int size, out Vector512<float> min, out Vector512<float> max, out Vector512<float> sumOfWeights, out Vector512<float> sum)
    {
        min = max = Vector512.Load(x);
        sumOfWeights = Vector512.Load(weights);
        sum = sumOfWeights * min;
        for (var i = 1; i < size; i++)
        {
            Vector512<float> value = Vector512.Load(x + (i * Lanes.Count)), weight = Vector512.Load(weights + (i * Lanes.Count));
            min = Lanes.Select(Vector512.LessThan(value, min), value, min);
            max = Lanes.Select(Vector512.GreaterThan(value, max), value, max);
            sumOfWeights += weight;
            sum += weight * value;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Quant(float* x, int i, Vector512<float> inverse, Vector512<float> minimum, Vector512<float> largest) =>
        Lanes.Clamp(Lanes.Round(inverse * (Vector512.Load(x + (i * Lanes.Count)) - minimum)), Vector512<float>.Zero, largest);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Error(float* x, float* weights, int size, float* quants, Vector512<float> scale, Vector512<float> minimum, bool byMagnitude)
    {
        var error = Vector512<float>.Zero;
        for (var i = 0; i < size; i++)
        {
            var difference = (scale * Vector512.Load(quants + (i * Lanes.Count))) + minimum - Vector512.Load(x + (i * Lanes.Count));
            error += Vector512.Load(weights + (i * Lanes.Count)) * (byMagnitude ? Vector512.Abs(difference) : difference * difference);
        }

        return error;
    }
}
