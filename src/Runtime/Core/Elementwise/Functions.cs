using System.Runtime.CompilerServices;

namespace ArchGen.Runtime.Elementwise;

/// <summary>Functions made of what every backend has, with relative errors of a few units in the last place.</summary>
internal static class Functions
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Square<T>(T x) where T : struct, IMath<T> => x * x;

    /// <summary>1 / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sigmoid<T>(T x) where T : struct, IMath<T> => 1 / (1 + T.Exp(-x));

    /// <summary>Hyperbolic tangent: a polynomial near 0, where 1 - 2/(e^2x + 1) would cancel (Cephes, tanhf).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tanh<T>(T x) where T : struct, IMath<T>
    {
        var z = x * x;
        var p = T.MultiplyAdd(-5.70498872745e-3f, z, 2.06390887954e-2f);
        p = T.MultiplyAdd(p, z, -5.37397155531e-2f);
        p = T.MultiplyAdd(p, z, 1.33314422036e-1f);
        p = T.MultiplyAdd(p, z, -3.33332819422e-1f);
        var near = T.MultiplyAdd(p * z, x, x);
        var magnitude = T.Abs(x);
        var far = 1 - (2 / (T.Exp(magnitude + magnitude) + 1));
        far = T.WhereLess(x, 0, -far, far);
        return T.WhereLess(magnitude, 0.625f, near, far);
    }

    /// <summary>ln(1 + e^x), exact for large |x| too: max(x, 0) + ln(1 + e^-|x|).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Softplus<T>(T x) where T : struct, IMath<T>
    {
        var log = T.LogOnePlus(T.Exp(-T.Abs(x)));
        return T.Max(x, 0) + log;
    }

    /// <summary>
    /// ln(1 + x) for x from 0 to 1, as the series of 2 artanh(x / (2 + x)): for backends whose logarithm of numbers near 1 is inexact.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T LogOnePlus<T>(T x) where T : struct, IMath<T>
    {
        var s = x / (2 + x);
        var z = s * s;
        var p = T.MultiplyAdd(1 / 15f, z, 1 / 13f);
        p = T.MultiplyAdd(p, z, 1 / 11f);
        p = T.MultiplyAdd(p, z, 1 / 9f);
        p = T.MultiplyAdd(p, z, 1 / 7f);
        p = T.MultiplyAdd(p, z, 1 / 5f);
        p = T.MultiplyAdd(p, z, 1 / 3f);
        return 2 * T.MultiplyAdd(p * z, s, s);
    }

    /// <summary>e^x - 1 for x up to 0: near 0, where the difference would cancel, the series of the exponential.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T ExpMinusOne<T>(T x) where T : struct, IMath<T>
    {
        var p = T.MultiplyAdd(1 / 40320f, x, 1 / 5040f);
        p = T.MultiplyAdd(p, x, 1 / 720f);
        p = T.MultiplyAdd(p, x, 1 / 120f);
        p = T.MultiplyAdd(p, x, 1 / 24f);
        p = T.MultiplyAdd(p, x, 1 / 6f);
        p = T.MultiplyAdd(p, x, 0.5f);
        return T.WhereLess(x, -0.5f, T.Exp(x) - 1, T.MultiplyAdd(p * x, x, x));
    }

    /// <summary>The Gauss error function: a rational minimax approximation of erf(x)/x in x^2, as in Eigen and XLA.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Erf<T>(T x) where T : struct, IMath<T>
    {
        var c = T.Max(T.Min(x, 3.8325069f), -3.8325069f);
        var z = c * c;
        var p = T.MultiplyAdd(0.00022905065861350646f, z, 0.0034082910107109506f);
        p = T.MultiplyAdd(p, z, 0.050955695062380861f);
        p = T.MultiplyAdd(p, z, 0.18520832239976145f);
        p = T.MultiplyAdd(p, z, 1.128379143519084f);
        var q = T.MultiplyAdd(-1.1791602954361697e-7f, z, 0.000023547966471313185f);
        q = T.MultiplyAdd(q, z, 0.0010179625278914885f);
        q = T.MultiplyAdd(q, z, 0.014070470171167667f);
        q = T.MultiplyAdd(q, z, 0.11098505178285362f);
        q = T.MultiplyAdd(q, z, 0.49746925110067538f);
        q = T.MultiplyAdd(q, z, 1);
        return c * p / q;
    }
}
