using System.Numerics;

namespace ArchGen.Runtime.Sampling;

/// <summary>The exponential function in additions and multiplications only: the library's differs in the last bit from platform to platform.</summary>
internal static class Exponential
{
    private const double Log2OfE = 1.4426950408889634;

    // The logarithm of 2 in two parts, the first with few enough bits that its product with an exponent is exact (Cody and Waite 1980).
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    // Below it a result is too small for a float, even a subnormal one, and is zero.
    private const double SmallestForSingle = -104;

    // 1 / n!. With the argument within 0.35 the 14th term of the Taylor series is below the last bit.
    private static readonly double[] Coefficients =
    [
        1, 1, 1 / 2.0, 1 / 6.0, 1 / 24.0, 1 / 120.0, 1 / 720.0, 1 / 5040.0, 1 / 40320.0, 1 / 362880.0, 1 / 3628800.0, 1 / 39916800.0, 1 / 479001600.0,
        1 / 6227020800.0,
    ];

    /// <summary>e to the power of a number that is zero or negative; relative error below 1e-15. Zero below -708.</summary>
    public static double Of(double x)
    {
        if (!(x > -708)) return 0;
        var exponent = Math.Round(x * Log2OfE);
        var r = x - exponent * Ln2High - exponent * Ln2Low;
        var coefficients = Coefficients;
        var power = coefficients[13];
        for (var i = 12; i >= 0; i--) power = power * r + coefficients[i];
        return power * BitConverter.Int64BitsToDouble((1023L + (long)exponent) << 52);
    }

    /// <summary>e to the power of each value less the highest one, rounded to a float. The values are at most the highest, or negative infinity.</summary>
    public static void OfDifferences(ReadOnlySpan<float> values, float highest, Span<float> results)
    {
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(values[i..]) - new Vector<float>(highest), out var low, out var high);
            Vector.Narrow(Of(low), Of(high)).CopyTo(results[i..]);
        }

        for (; i < values.Length; i++)
        {
            var x = (double)(values[i] - highest);
            results[i] = x > SmallestForSingle ? (float)Of(x) : 0;
        }
    }

    // The operations of the scalar function in its order, so that the results are its, bit by bit.
    private static Vector<double> Of(Vector<double> x)
    {
        var isLarge = Vector.GreaterThan(x, new Vector<double>(SmallestForSingle));
        x = Vector.ConditionalSelect(isLarge, x, Vector<double>.Zero);
        var exponent = Vector.Round(x * Log2OfE);
        var r = x - exponent * Ln2High - exponent * Ln2Low;
        var coefficients = Coefficients;
        var power = new Vector<double>(coefficients[13]);
        for (var i = 12; i >= 0; i--) power = power * r + new Vector<double>(coefficients[i]);
        var scale = Vector.AsVectorDouble(Vector.ShiftLeft(Vector.ConvertToInt64(exponent) + new Vector<long>(1023), 52));
        return Vector.ConditionalSelect(isLarge, power * scale, Vector<double>.Zero);
    }
}
