using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ArchGen.Formats.Floats;

namespace ArchGen.Formats.Blocks32;

/// <summary>
/// Blocks of 32 whose scale follows from their range: without a minimum (ggml's Q4_0, Q5_0) the number of the largest magnitude becomes the least quant, with
/// one (Q4_1, Q5_1) the least number becomes 0 and the largest the greatest quant.
/// </summary>
internal static unsafe class RangeEncoder
{
    private const int BlockSize = 32;

    // Blocks whose scales are computed together: division and conversion to half precision take as long for all of them as for one.
    private const int Group = 8;

    /// <summary>Encodes a row.</summary>
    /// <param name="source">Whole blocks.</param>
    /// <param name="destination">As many blocks.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Encode<TEncoder>(ReadOnlySpan<float> source, byte* destination) where TEncoder : struct, IBlock32Encoder
    {
        Span<float> starts = stackalloc float[Group], ends = stackalloc float[Group];
        var max = (1 << TEncoder.Bits) - 1;
        for (; source.Length > 0; source = source[Math.Min(source.Length, Group * BlockSize)..])
        {
            var count = Math.Min(source.Length / BlockSize, Group);
            for (var i = 0; i < count; i++)
            {
                var block = source.Slice(i * BlockSize, BlockSize);
                (starts[i], ends[i]) = TEncoder.HasMinimum ? Range(block) : (0, Largest(block));
            }

            var start = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(starts));
            var end = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(ends));
            var scale = TEncoder.HasMinimum ? (end - start) / Vector256.Create((float)max) : end / Vector256.Create(-(max + 1) / 2f);
            var inverse = Vector256.ConditionalSelect(Vector256.Equals(scale, default), default, Vector256.Create(1f) / scale);
            Vector256<uint> scales = NarrowHalf.Encode(scale.AsUInt32()), minima = NarrowHalf.Encode(start.AsUInt32());
            // Cut off after a half is added, as nothing is negative then.
            var shift = TEncoder.HasMinimum ? 0.5f : ((max + 1) / 2) + 0.5f;
            for (var i = 0; i < count; i++, destination += TEncoder.Bytes)
            {
                var (low, high) = Quants(source.Slice(i * BlockSize, BlockSize), starts[i], inverse.GetElement(i), shift, max);
                var fifthBits = TEncoder.Bits == 5 ? FifthBits(low) | FifthBits(high) << 16 : 0;
                var nibbles = Bytes((low & Vector512.Create(0x0F)) | high << 4);
                TEncoder.Store(destination, (ushort)scales.GetElement(i), (ushort)minima.GetElement(i), fifthBits, nibbles);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<int> Low, Vector512<int> High) Quants(ReadOnlySpan<float> block, float start, float inverse, float shift, float max)
    {
        return (Quant(Vector512.Create(block)), Quant(Vector512.Create(block[16..])));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        Vector512<int> Quant(Vector512<float> x) =>
            Vector512.ConvertToInt32Native(
                Vector512.MinNative(((x - Vector512.Create(start)) * Vector512.Create(inverse)) + Vector512.Create(shift), Vector512.Create(max)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Bytes(Vector512<int> numbers)
    {
        var words = Vector256.Narrow(numbers.GetLower(), numbers.GetUpper());
        return Vector128.Narrow(words.GetLower(), words.GetUpper()).AsByte();
    }

    /// <summary>Bit 4 of each number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint FifthBits(Vector512<int> quants) => (uint)(quants << 27).ExtractMostSignificantBits();

    /// <summary>The number of the largest magnitude, the first of several.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Largest(ReadOnlySpan<float> block)
    {
        Vector512<float> low = Vector512.Abs(Vector512.Create(block)), high = Vector512.Abs(Vector512.Create(block[16..]));
        return First(block, low, high, Max(Vector512.MaxNative(low, high)));
    }

    /// <summary>The minimum and the maximum, each the first of several: zeros have signs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (float Min, float Max) Range(ReadOnlySpan<float> block)
    {
        Vector512<float> low = Vector512.Create(block), high = Vector512.Create(block[16..]);
        return (First(block, low, high, -Max(-Vector512.MinNative(low, high))), First(block, low, high, Max(Vector512.MaxNative(low, high))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float First(ReadOnlySpan<float> block, Vector512<float> low, Vector512<float> high, float wanted)
    {
        var places = Vector512.Equals(low, Vector512.Create(wanted)).ExtractMostSignificantBits()
            | Vector512.Equals(high, Vector512.Create(wanted)).ExtractMostSignificantBits() << 16;
        return block[BitOperations.TrailingZeroCount((uint)places) % BlockSize];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Max(Vector512<float> x)
    {
        var quarter = Vector256.MaxNative(x.GetLower(), x.GetUpper());
        var max = Vector128.MaxNative(quarter.GetLower(), quarter.GetUpper());
        max = Vector128.MaxNative(max, Vector128.Shuffle(max, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(max, Vector128.Shuffle(max, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }
}
