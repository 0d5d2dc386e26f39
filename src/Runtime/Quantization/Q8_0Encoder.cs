using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ArchGen.Quantization;

/// <summary>Blocks of 32: a half-precision scale, the largest magnitude over 127, and signed bytes, halves rounded away from zero (ggml's Q8_0).</summary>
internal static class Q8_0Encoder
{
    private const int BlockSize = 32, Bytes = 34;

    // The largest float below a half: added with the number's sign and cut off, it rounds halves away from zero and nothing else (|x| < 2^22).
    private const float AlmostHalf = 0.49999997f;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination)
    {
        for (; source.Length >= BlockSize; source = source[BlockSize..], destination = destination[Bytes..]) EncodeBlock(ref MemoryMarshal.GetReference(source), destination[..Bytes]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EncodeBlock(ref float source, Span<byte> block)
    {
        Vector256<float> a = Vector256.LoadUnsafe(ref source), b = Vector256.LoadUnsafe(ref source, 8), c = Vector256.LoadUnsafe(ref source, 16), d = Vector256.LoadUnsafe(ref source, 24);
        var largest = Vector256.Max(Vector256.Max(Vector256.Abs(a), Vector256.Abs(b)), Vector256.Max(Vector256.Abs(c), Vector256.Abs(d)));
        var half = Vector128.Max(largest.GetLower(), largest.GetUpper());
        half = Vector128.Max(half, Vector128.Shuffle(half, Vector128.Create(2, 3, 0, 1)));
        var most = MathF.Max(half[0], half[1]);
        var scale = most / 127;
        var inverse = Vector256.Create(scale == 0 ? 0 : 1 / scale);
        BinaryPrimitives.WriteHalfLittleEndian(block, (Half)scale);
        var low = Vector256.Narrow(Round(a * inverse), Round(b * inverse));
        var high = Vector256.Narrow(Round(c * inverse), Round(d * inverse));
        Vector256.Narrow(low, high).AsByte().StoreUnsafe(ref MemoryMarshal.GetReference(block), 2);
    }

    /// <summary>To the nearest whole number, halves away from zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Round(Vector256<float> x) =>
        Vector256.ConvertToInt32Native(x + (Vector256.Create(AlmostHalf) | (x & Vector256.Create(-0f))));
}
