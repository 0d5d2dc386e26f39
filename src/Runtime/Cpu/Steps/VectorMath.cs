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

    /// <summary>ln(1 + x) for x from 0 to 1: ln(u) * x / (u - 1) undoes the rounding of u = 1 + x (Goldberg 1991, theorem 4).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> LogOnePlus(Vector<float> x)
    {
        var u = Vector<float>.One + x;
        var rounded = u - Vector<float>.One;
        return Vector.ConditionalSelect(Vector.Equals(rounded, Vector<float>.Zero), x, Vector.Log(u) * x / rounded);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> PowerOfTwo(Vector<int> exponent) => Vector.AsVectorSingle(Vector.ShiftLeft(exponent + new Vector<int>(127), 23));
}
