using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ArchGen.Cpu.Kernels.Simd;

/// <summary>
/// Largest magnitudes (AVX-512). They compare as integers, infinity after all numbers and NaN last, so that NaN is never lost.
/// </summary>
internal static unsafe class Magnitude
{
    /// <summary>The largest among <paramref name="count"/> floats, a multiple of 32; NaN if there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static float Max(float* source, int count)
    {
        Vector512<int> a = Vector512<int>.Zero, b = a;
        for (var i = 0; i < count; i += 32)
        {
            a = Avx512F.Max(a, Of(Vector512.Load(source + i)));
            b = Avx512F.Max(b, Of(Vector512.Load(source + i + 16)));
        }

        return Max(Avx512F.Max(a, b));
    }

    /// <summary>The largest of a vector; NaN if there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(Vector512<float> values) => Max(Of(values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Of(Vector512<float> values) => values.AsInt32() & Vector512.Create(int.MaxValue);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Max(Vector512<int> values)
    {
        var eight = Vector256.Max(values.GetLower(), values.GetUpper());
        var four = Vector128.Max(eight.GetLower(), eight.GetUpper());
        // Not by comparing floats, whose branches would be mispredicted.
        var two = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Vector128.Max(two, Vector128.Shuffle(two, Vector128.Create(1, 0, 3, 2))).AsSingle().ToScalar();
    }
}
