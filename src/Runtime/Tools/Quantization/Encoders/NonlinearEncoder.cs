using System.Buffers.Binary;

namespace ArchGen.Tools.Quantization.Encoders;

/// <summary>
/// Four-bit numbers that stand for unevenly spaced levels, in groups of 32: each with a scale of its own (IQ4_NL), or eight with 6-bit scales (IQ4_XS). The scale
/// is that of least weighted error among 15 candidates and the plain one.
/// </summary>
internal static class NonlinearEncoder
{
    private const int Size = 32, Tries = 7;

    private static ReadOnlySpan<sbyte> Levels => [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    /// <summary>Encodes a row as IQ4_NL.</summary>
    public static void EncodeNonlinear(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
    {
        const int Bytes = 18;
        Span<byte> quants = stackalloc byte[Size];
        for (var begin = 0; begin < source.Length; begin += Size, destination = destination[Bytes..])
        {
            var x = source.Slice(begin, Size);
            var scale = Scale(x, importance.IsEmpty ? default : importance.Slice(begin, Size), 2f / Size * BlockWriter.SumOfSquares(x));
            BlockWriter.Half(destination, scale);
            Quantize(x, scale != 0 ? 1 / scale : 0, quants);
            BlockWriter.Nibbles(quants, destination[2..]);
        }
    }

    /// <summary>Encodes a row as IQ4_XS: a half, the scales' upper pairs of bits, their nibbles, 128 bytes.</summary>
    public static void EncodeSmall(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
    {
        const int Block = 256, Groups = Block / Size, Bytes = 136, HalfScale = 32;
        Span<byte> quants = stackalloc byte[Size];
        Span<float> scales = stackalloc float[Groups];
        for (var begin = 0; begin < source.Length; begin += Block, destination = destination[Bytes..])
        {
            var x = source.Slice(begin, Block);
            var sigma2 = BlockWriter.SumOfSquares(x) * (2f / Block);
            for (var g = 0; g < Groups; g++)
                scales[g] = Scale(x.Slice(g * Size, Size), importance.IsEmpty ? default : importance.Slice(begin + (g * Size), Size), sigma2);
            var (_, largest) = BlockWriter.Largest(scales);
            var d = -largest / HalfScale;
            BlockWriter.Half(destination, d);
            var inverse = d != 0 ? 1 / d : 0;
            var upper = 0;
            destination.Slice(4, Groups / 2).Clear();
            for (var g = 0; g < Groups; g++)
            {
                var rounded = Math.Clamp(Lanes.Round(inverse * scales[g]), -HalfScale, HalfScale - 1);
                var scale = d * rounded;
                Quantize(x.Slice(g * Size, Size), scale != 0 ? 1 / scale : 0, quants);
                BlockWriter.Nibbles(quants, destination[(8 + (g * Size / 2))..]);
                rounded += HalfScale;
                destination[4 + (g / 2)] |= (byte)((rounded & 0x0F) << (4 * (g % 2)));
                upper |= (rounded >> 4) << (2 * g);
            }

            BinaryPrimitives.WriteUInt16LittleEndian(destination[2..], (ushort)upper);
        }
    }

    private static float Scale(ReadOnlySpan<float> x, ReadOnlySpan<float> importance, float sigma2)
    {
        Span<float> weights = stackalloc float[Size];
        if (importance.IsEmpty)
            for (var i = 0; i < Size; i++) weights[i] = x[i] * x[i];
        else BlockWriter.Weigh(x, importance, sigma2, weights);
        var (magnitude, largest) = BlockWriter.Largest(x);
        if (magnitude < ScaleSearch.Nothing) return 0;

        var (products, squares) = Sums(x, weights, 1 / (-largest / Levels[0]));
        var scale = squares > 0 ? products / squares : 0;
        var best = scale * products;
        for (var step = -Tries; step <= Tries; step++)
        {
            (products, squares) = Sums(x, weights, (step + Levels[0]) / largest);
            if (!(squares > 0) || !(products * products > best * squares)) continue;
            scale = products / squares;
            best = scale * products;
        }

        return scale;
    }

    private static (float Products, float Squares) Sums(ReadOnlySpan<float> x, ReadOnlySpan<float> weights, float inverse)
    {
        float products = 0, squares = 0;
        for (var i = 0; i < x.Length; i++)
        {
            float level = Levels[Nearest(inverse * x[i])];
            products += weights[i] * level * x[i];
            squares += weights[i] * level * level;
        }

        return (products, squares);
    }

    private static void Quantize(ReadOnlySpan<float> x, float inverse, Span<byte> quants)
    {
        for (var i = 0; i < x.Length; i++) quants[i] = (byte)Nearest(inverse * x[i]);
    }

    private static int Nearest(float x)
    {
        if (x <= Levels[0]) return 0;
        if (x >= Levels[^1]) return Levels.Length - 1;
        int low = 0, high = Levels.Length - 1;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (x < Levels[middle]) high = middle;
            else low = middle;
        }

        return x - Levels[high - 1] < Levels[high] - x ? high - 1 : high;
    }
}
