using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ArchGen.Formats.Search;

/// <summary>
/// Sixteen groups of numbers side by side: element i of all groups is one vector. Each lane does what one group needs, in the order in which a single
/// group would be computed, so that the results are those of one after the other, bit for bit.
/// </summary>
internal static unsafe class Lanes
{
    public const int Count = 16;

    // Adding it leaves a number's nearest integer, halves to even, in the lowest bits of the sum; |x| < 2^22.
    private const float Magic = 12582912;

    /// <summary>Transposes contiguous groups of <paramref name="size"/> elements to [element, group]; missing groups repeat the last.</summary>
    public static void Transpose(float* groups, int size, int count, float* transposed)
    {
        for (var group = 0; group < Count; group++)
        {
            var source = groups + (Math.Min(group, count - 1) * size);
            for (var i = 0; i < size; i++) transposed[(i * Count) + group] = source[i];
        }
    }

    /// <summary>Transposes numbers of some groups from [element, group] back to contiguous groups, as bytes.</summary>
    public static void TransposeBack(float* transposed, int size, int count, byte* groups)
    {
        for (var group = 0; group < count; group++)
            for (var i = 0; i < size; i++) groups[(group * size) + i] = (byte)(int)transposed[(i * Count) + group];
    }

    /// <summary>To the nearest whole number, halves to even; larger numbers as in ggml's nearest_int, for equal files.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Round(Vector512<float> x) =>
        Vector512.ConvertToSingle(((x + Vector512.Create(Magic)).AsInt32() & Vector512.Create(0x007FFFFF)) - Vector512.Create(0x00400000));

    /// <summary>To the nearest whole number, halves to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Round(float x) => (BitConverter.SingleToInt32Bits(x + Magic) & 0x007FFFFF) - 0x00400000;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Select(Vector512<float> mask, Vector512<float> yes, Vector512<float> no) => Vector512.ConditionalSelect(mask, yes, no);

    /// <summary>Clamps to two limits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Clamp(Vector512<float> x, Vector512<float> min, Vector512<float> max) =>
        Vector512.MaxNative(Vector512.MinNative(x, max), min);
}
