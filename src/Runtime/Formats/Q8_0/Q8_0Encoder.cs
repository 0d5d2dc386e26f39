using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ArchGen.Formats.Floats;

namespace ArchGen.Formats.Q8_0;

/// <summary>Blocks of 32: a half-precision scale, the largest magnitude over 127, and signed bytes, halves rounded away from zero (ggml's Q8_0).</summary>
internal static unsafe class Q8_0Encoder
{
    // Blocks whose scales are computed together: division and conversion to half precision take as long for all of them as for one.
    private const int Group = 8;

    // The largest float below a half: added with the number's sign and cut off, it rounds halves away from zero and nothing else (|x| < 2^22).
    private const float AlmostHalf = 0.49999997f;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
    {
        var blocks = source.Length / Q8_0Block.Weights;
        ref var values = ref MemoryMarshal.GetReference(source);
        ref var block = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<byte, Q8_0Block>(destination)[..blocks]);
        Span<float> largest = stackalloc float[Group];
        for (; blocks > 0; blocks -= Group)
        {
            var count = Math.Min(blocks, Group);
            for (var i = 0; i < count; i++) largest[i] = LargestMagnitude(ref Unsafe.Add(ref values, i * Q8_0Block.Weights));
            var scales = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(largest)) / Vector256.Create(127f);
            var halves = NarrowHalf.Encode(scales.AsUInt32());
            var inverses = Vector256.ConditionalSelect(Vector256.Equals(scales, default), default, Vector256.Create(1f) / scales);
            for (var i = 0; i < count; i++)
            {
                block.Scale = (ushort)halves.GetElement(i);
                EncodeBlock(ref values, Vector256.Create(inverses.GetElement(i)), ref block.Quants[0]);
                values = ref Unsafe.Add(ref values, Q8_0Block.Weights);
                block = ref Unsafe.Add(ref block, 1);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float LargestMagnitude(ref float block)
    {
        var largest = Vector256.Max(
            Vector256.Max(Vector256.Abs(Vector256.LoadUnsafe(ref block)), Vector256.Abs(Vector256.LoadUnsafe(ref block, 8))),
            Vector256.Max(Vector256.Abs(Vector256.LoadUnsafe(ref block, 16)), Vector256.Abs(Vector256.LoadUnsafe(ref block, 24))));
        var half = Vector128.Max(largest.GetLower(), largest.GetUpper());
        half = Vector128.Max(half, Vector128.Shuffle(half, Vector128.Create(2, 3, 0, 1)));
        return Vector128.Max(half, Vector128.Shuffle(half, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EncodeBlock(ref float block, Vector256<float> inverse, ref sbyte destination)
    {
        var low = Vector256.Narrow(Round(Vector256.LoadUnsafe(ref block) * inverse), Round(Vector256.LoadUnsafe(ref block, 8) * inverse));
        var high = Vector256.Narrow(Round(Vector256.LoadUnsafe(ref block, 16) * inverse), Round(Vector256.LoadUnsafe(ref block, 24) * inverse));
        Vector256.Narrow(low, high).StoreUnsafe(ref destination);
    }

    /// <summary>To the nearest whole number, halves away from zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Round(Vector256<float> x) =>
        Vector256.ConvertToInt32Native(x + (Vector256.Create(AlmostHalf) | (x & Vector256.Create(-0f))));
}
