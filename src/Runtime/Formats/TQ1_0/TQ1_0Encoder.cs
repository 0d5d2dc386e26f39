using ArchGen.Formats.FewBits;

namespace ArchGen.Formats.TQ1_0;

/// <summary>The largest magnitude, and ternary digits: five in a byte, as a fraction of 256, the first the most significant.</summary>
internal static unsafe class TQ1_0Encoder
{
    private const int Size = TQ1_0Block.Weights;

    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
    {
        fixed (byte* bytes = destination)
        {
            var block = (TQ1_0Block*)bytes;
            for (; source.Length >= Size; source = source[Size..], block++)
            {
                var inverse = LargestScale.Write(source[..Size], &block->Scale);
                WriteDigits(source, inverse, 32, 5, block->Quants);
                WriteDigits(source[160..], inverse, 16, 5, block->Quants + 32);
                WriteDigits(source[240..], inverse, 4, 4, block->LastQuants);
            }
        }
    }

    // Byte i has the digits of numbers i, i + count, i + 2 count, ...; four digits count as five with a last one of 0.
    private static void WriteDigits(ReadOnlySpan<float> source, float inverse, int count, int digits, byte* destination)
    {
        for (var i = 0; i < count; i++)
        {
            byte number = 0;
            for (var digit = 0; digit < digits; digit++) number = (byte)((number * 3) + LargestScale.Round(source[i + (digit * count)] * inverse) + 1);
            if (digits == 4) number *= 3;
            destination[i] = (byte)(((number * 256) + 242) / 243);
        }
    }
}
