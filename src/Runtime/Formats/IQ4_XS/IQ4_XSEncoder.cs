using ArchGen.Formats.Blocks;
using ArchGen.Formats.Nonlinear;
using ArchGen.Formats.Search;

namespace ArchGen.Formats.IQ4_XS;

/// <summary>Scales of 32 by search, then rounded to 6 bits, and the nearest levels by the rounded scales.</summary>
internal static unsafe class IQ4_XSEncoder
{
    private const int Block = IQ4_XSBlock.Weights, Size = NonlinearSearch.Size, Groups = Block / Size, HalfScale = 32;

    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
    {
        Span<float> scales = stackalloc float[Groups];
        fixed (byte* bytes = destination)
        {
            var block = (IQ4_XSBlock*)bytes;
            for (var begin = 0; begin < source.Length; begin += Block, block++)
            {
                var x = source.Slice(begin, Block);
                var sigma2 = BlockWriter.SumOfSquares(x) * (2f / Block);
                for (var g = 0; g < Groups; g++)
                {
                    var weights = importance.IsEmpty ? default : importance.Slice(begin + (g * Size), Size);
                    scales[g] = NonlinearSearch.FindScale(x.Slice(g * Size, Size), weights, sigma2);
                }

                Write(x, scales, block);
            }
        }
    }

    private static void Write(ReadOnlySpan<float> x, ReadOnlySpan<float> scales, IQ4_XSBlock* block)
    {
        Span<byte> quants = stackalloc byte[Size];
        *block = default;
        var (_, largest) = BlockWriter.Largest(scales);
        var d = -largest / HalfScale;
        BlockWriter.Half(&block->Scale, d);
        var inverse = d != 0 ? 1 / d : 0;
        for (var g = 0; g < Groups; g++)
        {
            var rounded = Math.Clamp(Lanes.Round(inverse * scales[g]), -HalfScale, HalfScale - 1);
            var scale = d * rounded;
            NonlinearSearch.Quantize(x.Slice(g * Size, Size), scale != 0 ? 1 / scale : 0, quants);
            BlockWriter.Nibbles(quants, block->Quants + (g * Size / 2));
            rounded += HalfScale;
            block->LowerScales[g / 2] |= (byte)((rounded & 0x0F) << (4 * (g % 2)));
            block->UpperScales |= (ushort)((rounded >> 4) << (2 * g));
        }
    }
}
