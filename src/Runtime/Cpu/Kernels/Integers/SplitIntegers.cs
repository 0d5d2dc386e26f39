using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArchGen.Cpu.Kernels.MachineCode;
using ArchGen.Cpu.Kernels.Simd;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>
/// Floats as integers of 16 bits times a scale, each integer as 256 times a signed byte plus another: v = 256 u + l. A product is then
/// 65536 uu' + 256 (ul' + lu') + ll'; without its last term, whose mean is zero, the error is at most 2^-14 of the largest.
/// </summary>
internal static unsafe class SplitIntegers
{
    /// <summary>With an upper byte of 127 and a lower of 127.</summary>
    public const float Largest = (127 * 256) + 127;

    /// <summary>
    /// Converts <paramref name="count"/> floats, a multiple of 64, and returns the scale; NaN and infinity among them pass to it.
    /// </summary>
    /// <param name="source">The floats.</param>
    /// <param name="count">The number of floats.</param>
    /// <param name="upper">The upper bytes of the first 64.</param>
    /// <param name="lower">The lower bytes of the first 64.</param>
    /// <param name="stride">Bytes from those of 64 floats to those of the next.</param>
    public static float Convert(float* source, int count, sbyte* upper, sbyte* lower, int stride) =>
        Convert(source, count, Magnitude.Max(source, count), upper, lower, stride);

    /// <summary>Converts floats whose largest magnitude is known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static float Convert(float* source, int count, float max, sbyte* upper, sbyte* lower, int stride)
    {
        var inverse = Vector512.Create(InverseOf(max));
        for (var i = 0; i < count; i += AmxEmitter.Step, upper += stride, lower += stride)
        {
            var (a16, b16) = (Integers(source + i, inverse), Integers(source + i + 32, inverse));
            InOrder(Avx512BW.PackSignedSaturate(Upper(a16), Upper(b16)).AsInt32()).Store(upper);
            InOrder(Avx512BW.PackUnsignedSaturate(Lower(a16), Lower(b16)).AsInt32()).Store(lower);
        }

        return max / Largest;
    }

    /// <summary>Stores the upper and the lower bytes of 64 integers, of which one vector has the first eight of each 16 and the other the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<short> first, Vector512<short> last, sbyte* upper, sbyte* lower)
    {
        Avx512BW.PackSignedSaturate(Upper(first), Upper(last)).Store(upper);
        Avx512BW.PackUnsignedSaturate(Lower(first), Lower(last)).Store((byte*)lower);
    }

    /// <summary>32 floats as integers, in the order of the instruction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Integers(float* source, Vector512<float> inverse) => Avx512BW.PackSignedSaturate(
        Avx512F.ConvertToVector512Int32(Vector512.Load(source) * inverse), Avx512F.ConvertToVector512Int32(Vector512.Load(source + 16) * inverse));

    /// <summary>Restores the order of groups of four bytes after two packings.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<sbyte> InOrder(Vector512<int> packed) =>
        Avx512F.PermuteVar16x32(packed, Vector512.Create(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15)).AsSByte();

    /// <summary>The upper bytes of integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Upper(Vector512<short> value) => Avx512BW.ShiftRightArithmetic(value + Vector512.Create((short)128), 8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Lower(Vector512<short> value) => value & Vector512.Create((short)0xFF);

    /// <summary>The factor of the numbers. The inverse of tiny ones is infinite, or too large for the product to be right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float InverseOf(float max) => float.IsFinite(max) && max > 1e-30f ? Largest / max : 0;
}
