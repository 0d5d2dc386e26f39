using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ArchGen.Quantization;

/// <summary>Blocks of 32: a half-precision scale, the largest magnitude over 127, and signed bytes, halves rounded away from zero (ggml's Q8_0).</summary>
internal static class Q8_0Encoder
{
    private const int BlockSize = 32, Bytes = 34;

    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination)
    {
        for (; source.Length >= BlockSize; source = source[BlockSize..], destination = destination[Bytes..]) EncodeBlock(source[..BlockSize], destination[..Bytes]);
    }

    private static void EncodeBlock(ReadOnlySpan<float> source, Span<byte> block)
    {
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(source);
        var largest = Vector256.Max(
            Vector256.Max(Vector256.Abs(vectors[0]), Vector256.Abs(vectors[1])), Vector256.Max(Vector256.Abs(vectors[2]), Vector256.Abs(vectors[3])));
        var most = 0f;
        for (var i = 0; i < Vector256<float>.Count; i++) most = MathF.Max(most, largest[i]);
        var scale = most / 127;
        var inverse = scale == 0 ? 0 : 1 / scale;
        BinaryPrimitives.WriteHalfLittleEndian(block, (Half)scale);
        var low = Vector256.Narrow(Round(vectors[0] * inverse), Round(vectors[1] * inverse));
        var high = Vector256.Narrow(Round(vectors[2] * inverse), Round(vectors[3] * inverse));
        Vector256.Narrow(low, high).StoreUnsafe(ref MemoryMarshal.GetReference(MemoryMarshal.Cast<byte, sbyte>(block[2..])));
    }

    /// <summary>To the nearest whole number, halves away from zero.</summary>
    private static Vector256<int> Round(Vector256<float> x)
    {
        var magnitude = Vector256.Abs(x);
        var down = Vector256.Floor(magnitude);
        var up = Vector256.GreaterThanOrEqual(magnitude - down, Vector256.Create(0.5f));
        var whole = Vector256.ConvertToInt32(down) - up.AsInt32();
        return Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256<float>.Zero).AsInt32(), -whole, whole);
    }
}
