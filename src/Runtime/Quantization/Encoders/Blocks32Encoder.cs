using System.Runtime.Intrinsics;

namespace ArchGen.Quantization.Encoders;

/// <summary>
/// Blocks of 32 with a scale, and a minimum or none (ggml's Q4_0, Q4_1, Q5_0, Q5_1). Without importance the scale is that of the range; with it, that of least
/// weighted error. 16 blocks are done at once.
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
        float* x = stackalloc float[Size * Lanes.Count], weights = stackalloc float[Size * Lanes.Count], quants = stackalloc float[Size * Lanes.Count];
        float* room = stackalloc float[Size * Lanes.Count], weighed = stackalloc float[Size * Lanes.Count], numbers = stackalloc float[2 * Lanes.Count];
        byte* bytes = stackalloc byte[Size * Lanes.Count];
        var blockBytes = 2 + (hasMinimum ? 2 : 0) + (bits == 5 ? 4 : 0) + 16;
        var sigma2 = importance.IsEmpty ? 0 : BlockWriter.SumOfSquares(source) / source.Length;
        fixed (float* row = source)
        {
            for (var begin = 0; begin < source.Length; begin += Size * Lanes.Count)
            {
                var count = Math.Min(Lanes.Count, (source.Length - begin) / Size);
                Lanes.Turn(row + begin, Size, count, x);
                Vector512<float> scale, minimum = default;
                if (importance.IsEmpty)
                {
                    if (hasMinimum) (scale, minimum) = Range(x, bits, quants);
                    else scale = Symmetric(x, bits, quants);
                }
                else
                {
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

    // The number of the largest magnitude becomes the least quant; numbers are cut off after adding a half, as they are then not negative.
    private static Vector512<float> Symmetric(float* x, int bits, float* quants)
    {
        var (_, signed) = ScaleSearch.Largest(x, Size);
        var half = 1 << (bits - 1);
        var scale = signed / Vector512.Create(-(float)half);
        var inverse = Lanes.Select(Vector512.Equals(scale, Vector512<float>.Zero), Vector512<float>.Zero, Vector512<float>.One / scale);
        Vector512<float> shift = Vector512.Create(half + 0.5f), most = Vector512.Create((1 << bits) - 1f);
        for (var i = 0; i < Size; i++)
            Vector512.MinNative(Vector512.Truncate((Vector512.Load(x + (i * Lanes.Count)) * inverse) + shift), most).Store(quants + (i * Lanes.Count));
        return scale;
    }

    private static (Vector512<float> Scale, Vector512<float> Minimum) Range(float* x, int bits, float* quants)
    {
        Vector512<float> least = Vector512.Create(float.MaxValue), most = Vector512.Create(-float.MaxValue);
        for (var i = 0; i < Size; i++)
        {
            var value = Vector512.Load(x + (i * Lanes.Count));
            least = Lanes.Select(Vector512.LessThan(value, least), value, least);
            most = Lanes.Select(Vector512.GreaterThan(value, most), value, most);
        }

        var largest = Vector512.Create((1 << bits) - 1f);
        var scale = (most - least) / largest;
        var inverse = Lanes.Select(Vector512.Equals(scale, Vector512<float>.Zero), Vector512<float>.Zero, Vector512<float>.One / scale);
        for (var i = 0; i < Size; i++)
        {
            var quant = Vector512.Truncate(((Vector512.Load(x + (i * Lanes.Count)) - least) * inverse) + Vector512.Create(0.5f));
            (bits == 4 ? Vector512.MinNative(quant, largest) : quant).Store(quants + (i * Lanes.Count));
        }

        return (scale, least);
    }
}
