using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace ArchGen.Cpu.Kernels.Simd;

/// <summary>
/// Sums of a vector's lanes in one order: its halves are added until four lanes are left, then neighbours, then both. A dot product thereby has the same
/// bits whether it is computed alone or with others.
/// </summary>
internal static class LaneSums
{
    /// <summary>Adds the halves of a vector of floats until four lanes are left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Fold<TVector>(TVector vector) where TVector : struct
    {
        if (typeof(TVector) == typeof(Vector512<float>)) return Fold512(Unsafe.BitCast<TVector, Vector512<float>>(vector));
        if (typeof(TVector) == typeof(Vector256<float>)) return Fold256(Unsafe.BitCast<TVector, Vector256<float>>(vector));
        if (typeof(TVector) == typeof(Vector128<float>)) return Unsafe.BitCast<TVector, Vector128<float>>(vector);
        if (Vector<float>.Count == Vector512<float>.Count) return Fold512(Unsafe.BitCast<TVector, Vector512<float>>(vector));
        if (Vector<float>.Count == Vector256<float>.Count) return Fold256(Unsafe.BitCast<TVector, Vector256<float>>(vector));
        return Unsafe.BitCast<TVector, Vector128<float>>(vector);
    }

    /// <summary>The sums of four folded vectors: (lane 0 + lane 1) + (lane 2 + lane 3) of each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> OfFour(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d)
    {
        if (Sse3.IsSupported) return Sse3.HorizontalAdd(Sse3.HorizontalAdd(a, b), Sse3.HorizontalAdd(c, d));
        if (AdvSimd.Arm64.IsSupported) return AdvSimd.Arm64.AddPairwise(AdvSimd.Arm64.AddPairwise(a, b), AdvSimd.Arm64.AddPairwise(c, d));
        return Vector128.Create(Of(a), Of(b), Of(c), Of(d));
    }

    /// <summary>
    /// The lane that is the <paramref name="index"/>-th to be added where sums of lanes are added in pairs, then sums of pairs, and so on, of a vector of
    /// <paramref name="lanes"/>: 4, 8 or 16.
    /// </summary>
    public static int PairwiseOrder(int index, int lanes) => lanes switch
    {
        4 => index,
        8 => (index >> 1) + (4 * (index & 1)),
        _ => (index >> 2) + (8 * (index & 1)) + (4 * ((index >> 1) & 1)),
    };

    private static float Of(Vector128<float> v) => (v[0] + v[1]) + (v[2] + v[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Fold512(Vector512<float> v) => Fold256(v.GetLower() + v.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Fold256(Vector256<float> v) => v.GetLower() + v.GetUpper();
}
