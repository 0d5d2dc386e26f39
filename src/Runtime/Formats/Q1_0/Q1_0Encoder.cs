using ArchGen.Formats.Blocks;

namespace ArchGen.Formats.Q1_0;

/// <summary>The mean magnitude of 128, and their signs.</summary>
internal static unsafe class Q1_0Encoder
{
    private const int Size = Q1_0Block.Weights;

    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
    {
        fixed (byte* bytes = destination)
        {
            var block = (Q1_0Block*)bytes;
            for (; source.Length >= Size; source = source[Size..], block++)
            {
                *block = default;
                var sum = 0f;
                for (var i = 0; i < Size; i++) sum += MathF.Abs(source[i]);
                BlockWriter.Half(&block->Scale, sum / Size);
                for (var i = 0; i < Size; i++)
                    if (source[i] >= 0) block->Signs[i / 8] |= (byte)(1 << (i % 8));
            }
        }
    }
}
