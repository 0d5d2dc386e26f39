namespace ArchGen.Runtime.Sampling;

/// <summary>The exponential function in additions and multiplications only: the library's differs in the last bit from platform to platform.</summary>
internal static class Exponential
{
    private const double Log2OfE = 1.4426950408889634;

    // The logarithm of 2 in two parts, the first with few enough bits that its product with an exponent is exact (Cody and Waite 1980).
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>e to the power of a number that is zero or negative; relative error below 1e-15. Zero below -708.</summary>
    public static double Of(double x)
    {
        if (!(x > -708)) return 0;
        var exponent = Math.Round(x * Log2OfE);
        var r = x - exponent * Ln2High - exponent * Ln2Low;

        // The Taylor series; with r within 0.35 its 14th term is below the last bit.
        var power = 1.0;
        for (var i = 13; i > 0; i--) power = 1 + power * r / i;
        return power * BitConverter.Int64BitsToDouble((1023L + (long)exponent) << 52);
    }
}
