using ArchGen.Formats.Blocks;
using ArchGen.Formats.Nonlinear;

namespace ArchGen.Formats.IQ4_NL;

/// <summary>The scale by search, and the nearest levels.</summary>
internal static unsafe class IQ4_NLEncoder
{
    private const int Size = IQ4_NLBlock.Weights;

    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
    {
        Span<byte> quants = stackalloc byte[Size];
        fixed (byte* bytes = destination)
        {
            var block = (IQ4_NLBlock*)bytes;
            for (var begin = 0; begin < source.Length; begin += Size, block++)
            {
                var x = source.Slice(begin, Size);
                var sigma2 = 2f / Size * BlockWriter.SumOfSquares(x);
                var scale = NonlinearSearch.FindScale(x, importance.IsEmpty ? default : importance.Slice(begin, Size), sigma2);
                BlockWriter.Half(&block->Scale, scale);
                NonlinearSearch.Quantize(x, scale != 0 ? 1 / scale : 0, quants);
                BlockWriter.Nibbles(quants, block->Quants);
            }
        }
    }
}
