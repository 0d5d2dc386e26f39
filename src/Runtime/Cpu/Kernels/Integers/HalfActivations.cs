using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArchGen.Cpu.Kernels.Simd;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>
/// Activations of a few tokens in half precision, scaled per token by a power of two to a maximum near 2^14: each is rounded to 2^-12 of itself, numbers
/// below 2^-29 of the largest to zero. With half the bytes of 32-bit floats, activations of wide rows stay in the first-level cache.
/// </summary>
/// <remarks>A token's memory: the activations, then the factor of its results.</remarks>
internal static unsafe class HalfActivations
{
    private const int LargestExponent = 14;

    /// <summary>Bytes from one token to the next: padded by a cache line, as equal strides would compete for the same cache sets.</summary>
    public static long Stride(int k) => FactorOffset(k) + 64;

    /// <summary>Converts a token's activations; k is a multiple of 32. Zeros fill up the last step.</summary>
    public static void Fill(float* x, int k, byte* destination)
    {
        var largest = Magnitude.Max(x, k);
        // NaN and infinity pass to the factor, and thereby to the product.
        var exponent = largest > 0 && float.IsFinite(largest) ? Math.Clamp(LargestExponent - MathF.ILogB(largest), -100, 100) : 0;
        var factor = Vector512.Create(MathF.ScaleB(1, exponent));
        for (var i = 0; i < k; i += 16) Halves(Vector512.Load(x + i) * factor).Store((short*)destination + i);
        new Span<short>((short*)destination + k, FloatActivations.WholeSteps(k) - k).Clear();
        *(float*)(destination + FactorOffset(k)) = float.IsFinite(largest) ? MathF.ScaleB(1, -exponent) : float.NaN;
    }

    /// <summary>The factor of a token's results.</summary>
    public static float FactorOf(byte* activations, int k) => *(float*)(activations + FactorOffset(k));

    private static long FactorOffset(int k) => (long)FloatActivations.WholeSteps(k) * sizeof(short);

    // Rounds to nearest even; .NET has no such conversion of vectors. Numbers that are subnormal in half precision become zero.
    private static Vector256<short> Halves(Vector512<float> values)
    {
        const int FractionShift = 13, ExponentDifference = 112 << 10, MinNormal = 113 << 23;
        var magnitudes = values.AsInt32() & Vector512.Create(int.MaxValue);
        var isOdd = (magnitudes >> FractionShift) & Vector512<int>.One;
        var halves = ((magnitudes + Vector512.Create(0xFFF) + isOdd) >> FractionShift) - Vector512.Create(ExponentDifference);
        halves = Vector512.ConditionalSelect(Vector512.LessThan(magnitudes, Vector512.Create(MinNormal)), Vector512<int>.Zero, halves);
        return Avx512F.ConvertToVector256Int16(halves | ((values.AsInt32() >>> 16) & Vector512.Create(0x8000)));
    }
}
