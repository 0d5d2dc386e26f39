using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ArchGen.Cpu.Integers;

/// <summary>
/// Floats as 16-bit integers times a scale, such that the length of the vector of integers is at most 32767. Then, by the inequality of Cauchy and Schwarz,
/// no sum of products of two such vectors leaves 32 bits, in whatever order it is added up. Rounding costs each element 2^-16 of the vector's length.
/// </summary>
internal static unsafe class Int16Scaling
{
    private const float Length = 32767;

    /// <summary>Converts <paramref name="count"/> floats, a multiple of 32, and returns the scale; NaN or infinity among them makes it so.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static float Convert(float* source, short* target, int count)
    {
        Vector512<float> a = Vector512<float>.Zero, b = a;
        for (var i = 0; i < count; i += 32)
        {
            Vector512<float> low = Vector512.Load(source + i), high = Vector512.Load(source + i + 16);
            a = Avx512F.FusedMultiplyAdd(low, low, a);
            b = Avx512F.FusedMultiplyAdd(high, high, b);
        }

        var squares = Vector512.Sum(a + b);
        // Where squares overflow or vanish, those of the numbers scaled to 1 do not.
        var length = squares is > 1e-30f and < 1e30f ? MathF.Sqrt(squares) : ScaledLength(source, count);
        // Rounding up each element must not make the whole longer.
        var inverse = Vector512.Create(length > 0 ? (Length - 16) / length : 0);
        var order = Vector512.Create(0L, 2, 4, 6, 1, 3, 5, 7);
        for (var i = 0; i < count; i += 32)
        {
            var low = Avx512F.ConvertToVector512Int32(Vector512.Load(source + i) * inverse);
            var high = Avx512F.ConvertToVector512Int32(Vector512.Load(source + i + 16) * inverse);
            Avx512F.PermuteVar8x64(Avx512BW.PackSignedSaturate(low, high).AsInt64(), order).AsInt16().Store(target + i);
        }

        return length / (Length - 16);
    }

    private static float ScaledLength(float* source, int count)
    {
        var most = 0f;
        for (var i = 0; i < count; i++) most = MathF.Max(most, MathF.Abs(source[i]));
        if (most == 0 || !float.IsFinite(most)) return most;
        var sum = 0.0;
        for (var i = 0; i < count; i++) sum += (double)(source[i] / most) * (source[i] / most);
        return (float)(most * Math.Sqrt(sum));
    }
}
