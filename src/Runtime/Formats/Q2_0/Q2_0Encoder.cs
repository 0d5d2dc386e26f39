using ArchGen.Formats.FewBits;

namespace ArchGen.Formats.Q2_0;

/// <summary>The largest magnitude of 64, and numbers from -1 to 2 in its units, plus 1.</summary>
internal static unsafe class Q2_0Encoder
{
    private const int Size = Q2_0Block.Weights;

    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
    {
        fixed (byte* bytes = destination)
        {
            var block = (Q2_0Block*)bytes;
            for (; source.Length >= Size; source = source[Size..], block++)
            {
                *block = default;
                var inverse = LargestScale.Write(source[..Size], &block->Scale);
                for (var i = 0; i < Size; i++)
                    block->Quants[i / 4] |= (byte)(Math.Clamp(LargestScale.Round(source[i] * inverse) + 1, 0, 3) << (2 * (i % 4)));
            }
        }
    }
}
