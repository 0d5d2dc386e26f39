using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Search;

namespace ArchGen.Formats.Blocks32;

/// <summary>
/// Blocks of 32 with a scale, and a minimum or none (ggml's Q4_0, Q4_1, Q5_0, Q5_1), of least weighted error where importance is known; else see
/// <see cref="RangeEncoder"/>. 16 blocks are done at once.
/// </summary>
internal static unsafe class Blocks32Encoder
{
    private const int Size = 32;

    /// <summary>Encodes a row.</summary>
    /// <param name="source">Whole blocks.</param>
    /// <param name="destination">As many blocks.</param>
    /// <param name="importance">Of each element, or empty.</param>
    public static void Encode<TEncoder>(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
        where TEncoder : struct, IBlock32Encoder
    {
        fixed (byte* blocks = destination)
        {
            if (importance.IsEmpty) RangeEncoder.Encode<TEncoder>(source, blocks);
            else EncodeWeighted<TEncoder>(source, blocks, importance);
        }
    }

    private static void EncodeWeighted<TEncoder>(ReadOnlySpan<float> source, byte* destination, ReadOnlySpan<float> importance)
        where TEncoder : struct, IBlock32Encoder
    {
        float* x = stackalloc float[Size * Lanes.Count], weights = stackalloc float[Size * Lanes.Count], quants = stackalloc float[Size * Lanes.Count];
        float* scratch = stackalloc float[Size * Lanes.Count], elementWeights = stackalloc float[Size * Lanes.Count];
        var numbers = stackalloc float[2 * Lanes.Count];
        var bytes = stackalloc byte[Size * Lanes.Count];
        var sigma2 = BlockWriter.SumOfSquares(source) / source.Length;
        fixed (float* row = source)
        {
            for (var begin = 0; begin < source.Length; begin += Size * Lanes.Count)
            {
                var count = Math.Min(Lanes.Count, (source.Length - begin) / Size);
                Lanes.Transpose(row + begin, Size, count, x);
                Vector512<float> scale, minimum = default;
                var part = source.Slice(begin, count * Size);
                BlockWriter.ComputeWeights(part, importance.Slice(begin, part.Length), sigma2, new Span<float>(elementWeights, part.Length));
                Lanes.Transpose(elementWeights, Size, count, weights);
                if (TEncoder.HasMinimum)
                {
                    var tries = new ScaleMinimumTries((1 << TEncoder.Bits) - 1, -0.9f, 0.05f, 36);
                    (scale, minimum) = ScaleMinimumSearch.Find(x, weights, Size, tries, quants, scratch);
                    minimum = -minimum;
                }
                else
                {
                    scale = ScaleSearch.Find(x, weights, Size, 1 << (TEncoder.Bits - 1), quants);
                }

                scale.Store(numbers);
                minimum.Store(numbers + Lanes.Count);
                Lanes.TransposeBack(quants, Size, count, bytes);
                for (var i = 0; i < count; i++, destination += TEncoder.Bytes)
                    Store<TEncoder>(new ReadOnlySpan<byte>(bytes + (i * Size), Size), numbers[i], numbers[Lanes.Count + i], destination);
            }
        }
    }

    private static void Store<TEncoder>(ReadOnlySpan<byte> quants, float scale, float minimum, byte* destination) where TEncoder : struct, IBlock32Encoder
    {
        Vector128<byte> low = Vector128.Create(quants), high = Vector128.Create(quants[16..]);
        var fifthBits = (low << 3).ExtractMostSignificantBits() | (high << 3).ExtractMostSignificantBits() << 16;
        TEncoder.Store(destination, Half(scale), Half(minimum), fifthBits, (low & Vector128.Create((byte)0x0F)) | high << 4);
    }

    private static ushort Half(float value) => BitConverter.HalfToUInt16Bits((Half)value);
}
