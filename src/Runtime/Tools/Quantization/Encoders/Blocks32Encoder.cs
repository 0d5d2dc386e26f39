using System.Runtime.Intrinsics;

namespace ArchGen.Tools.Quantization.Encoders;

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
    /// <param name="bits">4 or 5.</param>
    /// <param name="hasMinimum">Whether blocks have a minimum.</param>
    public static void EncodeRow(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance, int bits, bool hasMinimum)
    {
        if (importance.IsEmpty)
        {
            RangeEncoder.EncodeRow(source, destination, bits, hasMinimum);
            return;
        }

        float* x = stackalloc float[Size * Lanes.Count], weights = stackalloc float[Size * Lanes.Count], quants = stackalloc float[Size * Lanes.Count];
        float* room = stackalloc float[Size * Lanes.Count], weighed = stackalloc float[Size * Lanes.Count], numbers = stackalloc float[2 * Lanes.Count];
        var bytes = stackalloc byte[Size * Lanes.Count];
        var blockBytes = 2 + (hasMinimum ? 2 : 0) + (bits == 5 ? 4 : 0) + 16;
        var sigma2 = BlockWriter.SumOfSquares(source) / source.Length;
        fixed (float* row = source)
        {
            for (var begin = 0; begin < source.Length; begin += Size * Lanes.Count)
            {
                var count = Math.Min(Lanes.Count, (source.Length - begin) / Size);
                Lanes.Turn(row + begin, Size, count, x);
                Vector512<float> scale, minimum = default;
                var part = source.Slice(begin, count * Size);
                BlockWriter.Weigh(part, importance.Slice(begin, part.Length), sigma2, new Span<float>(weighed, part.Length));
                Lanes.Turn(weighed, Size, count, weights);
                if (hasMinimum)
                {
                    (scale, minimum) = ScaleMinimumSearch.Find(x, weights, Size, new ScaleMinimumTries((1 << bits) - 1, -0.9f, 0.05f, 36), quants, room);
                    minimum = -minimum;
                }
                else
                {
                    scale = ScaleSearch.Find(x, weights, Size, 1 << (bits - 1), quants);
                }

                scale.Store(numbers);
                minimum.Store(numbers + Lanes.Count);
                Lanes.TurnBack(quants, Size, count, bytes);
                for (var i = 0; i < count; i++)
                {
                    var block = destination[..blockBytes];
                    BlockWriter.Half(block, numbers[i]);
                    if (hasMinimum) BlockWriter.Half(block[2..], numbers[Lanes.Count + i]);
                    var of = new ReadOnlySpan<byte>(bytes + (i * Size), Size);
                    if (bits == 5) BlockWriter.FifthBits(of, block[(hasMinimum ? 4 : 2)..]);
                    BlockWriter.Nibbles(of, block[^16..]);
                    destination = destination[blockBytes..];
                }
            }
        }
    }
}
