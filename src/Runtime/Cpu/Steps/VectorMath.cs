using System.Numerics;
using System.Runtime.CompilerServices;

namespace ArchGen.Cpu.Steps;

/// <summary>Transcendental functions of vectors of floats, with relative errors of a few units in the last place. NaN stays NaN.</summary>
internal static class VectorMath
{
    /// <summary>e^x. Reduction to |r| &lt;= ln(2)/2, then a polynomial of degree 7 (Cephes, expf).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Exp(Vector<float> x)
    {
        // Adding 1.5 * 2^23 rounds to an integer that is then in the low bits.
        var shift = new Vector<float>(12582912f);
        var clamped = Vector.MaxNative(Vector.MinNative(x, new Vector<float>(89f)), new Vector<float>(-104f));
        var shifted = Vector.MultiplyAddEstimate(clamped, new Vector<float>(1.44269504088896341f), shift);
        var n = shifted - shift;
        var r = Vector.MultiplyAddEstimate(n, new Vector<float>(-0.693359375f), clamped);
        r = Vector.MultiplyAddEstimate(n, new Vector<float>(2.12194440e-4f), r);
        var p = Vector.MultiplyAddEstimate(new Vector<float>(1.9875691500e-4f), r, new Vector<float>(1.3981999507e-3f));
        p = Vector.MultiplyAddEstimate(p, r, new Vector<float>(8.3334519073e-3f));
        p = Vector.MultiplyAddEstimate(p, r, new Vector<float>(4.1665795894e-2f));
        p = Vector.MultiplyAddEstimate(p, r, new Vector<float>(1.6666665459e-1f));
        p = Vector.MultiplyAddEstimate(p, r, new Vector<float>(5.0000001201e-1f));
        p = Vector.MultiplyAddEstimate(p, r * r, r) + Vector<float>.One;
        // In two factors, since 2^n may be out of range although e^x is not.
        var exponent = Vector.AsVectorInt32(shifted) - new Vector<int>(0x4B400000);
        var half = Vector.ShiftRightArithmetic(exponent, 1);
        var result = p * PowerOfTwo(half) * PowerOfTwo(exponent - half);
        return Vector.ConditionalSelect(Vector.Equals(x, x), result, x);
    }

    /// <summary>1 / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Sigmoid(Vector<float> x) => Vector<float>.One / (Vector<float>.One + Exp(-x));

    /// <summary>Hyperbolic tangent: a polynomial near 0, where 1 - 2/(e^2x + 1) would cancel (Cephes, tanhf).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Tanh(Vector<float> x)
    {
        var z = x * x;
        var p = Vector.MultiplyAddEstimate(new Vector<float>(-5.70498872745e-3f), z, new Vector<float>(2.06390887954e-2f));
        p = Vector.MultiplyAddEstimate(p, z, new Vector<float>(-5.37397155531e-2f));
        p = Vector.MultiplyAddEstimate(p, z, new Vector<float>(1.33314422036e-1f));
        p = Vector.MultiplyAddEstimate(p, z, new Vector<float>(-3.33332819422e-1f));
        var near = Vector.MultiplyAddEstimate(p * z, x, x);
        var magnitude = Vector.Abs(x);
        var far = Vector<float>.One - (new Vector<float>(2f) / (Exp(magnitude + magnitude) + Vector<float>.One));
        far = Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), -far, far);
        return Vector.ConditionalSelect(Vector.LessThan(magnitude, new Vector<float>(0.625f)), near, far);
    }

    /// <summary>ln(1 + e^x), exact for large |x| too: max(x, 0) + log1p(e^-|x|).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Softplus(Vector<float> x)
    {
        var e = Exp(-Vector.Abs(x));
        var u = Vector<float>.One + e;
        // log1p(e) = log(u) * e / (u - 1) undoes the rounding of u (Goldberg 1991, theorem 4).
        var rounded = u - Vector<float>.One;
        var log = Vector.ConditionalSelect(Vector.Equals(rounded, Vector<float>.Zero), e, Vector.Log(u) * e / rounded);
        return Vector.Max(x, Vector<float>.Zero) + log;
    }

    /// <summary>The Gauss error function: a rational minimax approximation of erf(x)/x in x^2, as in Eigen and XLA.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Erf(Vector<float> x)
    {
        var c = Vector.Max(Vector.Min(x, new Vector<float>(3.8325069f)), new Vector<float>(-3.8325069f));
        var z = c * c;
        var p = Vector.MultiplyAddEstimate(new Vector<float>(0.00022905065861350646f), z, new Vector<float>(0.0034082910107109506f));
        p = Vector.MultiplyAddEstimate(p, z, new Vector<float>(0.050955695062380861f));
        p = Vector.MultiplyAddEstimate(p, z, new Vector<float>(0.18520832239976145f));
        p = Vector.MultiplyAddEstimate(p, z, new Vector<float>(1.128379143519084f));
        var q = Vector.MultiplyAddEstimate(new Vector<float>(-1.1791602954361697e-7f), z, new Vector<float>(0.000023547966471313185f));
        q = Vector.MultiplyAddEstimate(q, z, new Vector<float>(0.0010179625278914885f));
        q = Vector.MultiplyAddEstimate(q, z, new Vector<float>(0.014070470171167667f));
        q = Vector.MultiplyAddEstimate(q, z, new Vector<float>(0.11098505178285362f));
        q = Vector.MultiplyAddEstimate(q, z, new Vector<float>(0.49746925110067538f));
        q = Vector.MultiplyAddEstimate(q, z, Vector<float>.One);
        return c * p / q;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> PowerOfTwo(Vector<int> exponent) => Vector.AsVectorSingle(Vector.ShiftLeft(exponent + new Vector<int>(127), 23));
}
