using ArchGen.Formats.Blocks;
using ArchGen.Formats.FewBits;

namespace ArchGen.Formats.TQ2_0;

/// <summary>The largest magnitude, and ternary digits in two bits.</summary>
internal static unsafe class TQ2_0Encoder
{
    private const int Size = TQ2_0Block.Weights;

    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
    {
        Span<byte> digits = stackalloc byte[Size];
        fixed (byte* bytes = destination)
        {
            var block = (TQ2_0Block*)bytes;
            for (; source.Length >= Size; source = source[Size..], block++)
            {
                var inverse = LargestScale.Write(source[..Size], &block->Scale);
                for (var i = 0; i < Size; i++) digits[i] = (byte)(LargestScale.Round(source[i] * inverse) + 1);
                BlockWriter.Pairs(digits, block->Quants);
            }
        }
    }
}
