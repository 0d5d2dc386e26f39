using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArchGen.Cpu.Kernels.Simd;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>
/// Floats as 16-bit integers times a scale, such that the length of the vector of integers is at most 32767. Then, by the inequality of Cauchy and Schwarz,
/// no sum of products of two such vectors overflows 32 bits, in any order of summation. Rounding costs each element 2^-16 of the vector's length.
/// </summary>
internal static unsafe class Int16Scaling
{
    // Rounding each element up must not make the vector longer than 32767.
    private const float Longest = 32767 - 16;

    /// <summary>The length of a vector of <paramref name="count"/> floats, a multiple of 32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static float Length(float* source, int count)
    {
        float squares;
        if (Avx512F.IsSupported)
        {
            Vector512<float> a = Vector512<float>.Zero, b = a;
            for (var i = 0; i < count; i += 32)
            {
                Vector512<float> low = Vector512.Load(source + i), high = Vector512.Load(source + i + 16);
                a = Avx512F.FusedMultiplyAdd(low, low, a);
                b = Avx512F.FusedMultiplyAdd(high, high, b);
            }

            squares = Vector512.Sum(a + b);
        }
        else
        {
            Vector256<float> a = Vector256<float>.Zero, b = a;
            for (var i = 0; i < count; i += 16)
            {
                Vector256<float> low = Vector256.Load(source + i), high = Vector256.Load(source + i + 8);
                a = Fma.MultiplyAdd(low, low, a);
                b = Fma.MultiplyAdd(high, high, b);
            }

            squares = Vector256.Sum(a + b);
        }

        return LengthOf(squares, source, count);
    }

    /// <summary>
    /// The length, or more if the largest integer would exceed <paramref name="max"/> (AVX-512). One pass computes both, which matters for few tokens.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static float Length(float* source, int count, int max)
    {
        Vector512<float> a = Vector512<float>.Zero, b = a, largest = a;
        for (var i = 0; i < count; i += 32)
        {
            Vector512<float> low = Vector512.Load(source + i), high = Vector512.Load(source + i + 16);
            a = Avx512F.FusedMultiplyAdd(low, low, a);
            b = Avx512F.FusedMultiplyAdd(high, high, b);
            largest = Avx512F.Max(largest, Avx512F.Max(Vector512.Abs(low), Vector512.Abs(high)));
        }

        // Before the call: otherwise the JIT keeps the vector in memory, in the loop too.
        var min = Magnitude.Max(largest) * (Longest / max);
        return MathF.Max(LengthOf(Vector512.Sum(a + b), source, count), min);
    }

    /// <summary>
    /// Converts <paramref name="count"/> floats, a multiple of 32, whose length is known, and returns the scale; NaN and infinity pass to it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static float Convert(float* source, short* target, int count, float length)
    {
        if (Avx512BW.IsSupported)
        {
            var inverse = Vector512.Create(InverseOf(length));
            var order = Vector512.Create(0L, 2, 4, 6, 1, 3, 5, 7);
            for (var i = 0; i < count; i += 32)
            {
                var low = Avx512F.ConvertToVector512Int32(Vector512.Load(source + i) * inverse);
                var high = Avx512F.ConvertToVector512Int32(Vector512.Load(source + i + 16) * inverse);
                Avx512F.PermuteVar8x64(Avx512BW.PackSignedSaturate(low, high).AsInt64(), order).AsInt16().Store(target + i);
            }
        }
        else
        {
            var inverse = Vector256.Create(InverseOf(length));
            const byte Order = 0b11_01_10_00;
            for (var i = 0; i < count; i += 16)
            {
                var low = Avx.ConvertToVector256Int32(Vector256.Load(source + i) * inverse);
                var high = Avx.ConvertToVector256Int32(Vector256.Load(source + i + 8) * inverse);
                Avx2.Permute4x64(Avx2.PackSignedSaturate(low, high).AsInt64(), Order).AsInt16().Store(target + i);
            }
        }

        return length / Longest;
    }

    // For squares that overflow or underflow: scales the numbers to 1 first.
    private static float LengthOf(float squares, float* source, int count) =>
        squares is > 1e-30f and < 1e30f ? MathF.Sqrt(squares) : ScaledLength(source, count);

    private static float InverseOf(float length) => length > 0 ? Longest / length : 0;

    private static float ScaledLength(float* source, int count)
    {
        var max = 0f;
        for (var i = 0; i < count; i++) max = MathF.Max(max, MathF.Abs(source[i]));
        if (max == 0 || !float.IsFinite(max)) return max;
        var sum = 0.0;
        for (var i = 0; i < count; i++) sum += (double)(source[i] / max) * (source[i] / max);
        return (float)(max * Math.Sqrt(sum));
    }
}
