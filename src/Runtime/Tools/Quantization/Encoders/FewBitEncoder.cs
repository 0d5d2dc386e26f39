namespace ArchGen.Tools.Quantization.Encoders;

/// <summary>Signs, ternary digits and the like, with one scale for a block: Q1_0, Q2_0, TQ1_0 and TQ2_0 (BitNet b1.58, arXiv:2402.17764).</summary>
internal static class FewBitEncoder
{
    /// <summary>Encodes a row as Q1_0: the mean magnitude of 128, and their signs.</summary>
    public static void EncodeQ1(ReadOnlySpan<float> source, Span<byte> destination)
    {
        const int Size = 128, Bytes = 18;
        for (; source.Length >= Size; source = source[Size..], destination = destination[Bytes..])
        {
            var sum = 0f;
            for (var i = 0; i < Size; i++) sum += MathF.Abs(source[i]);
            BlockWriter.Half(destination, sum / Size);
            var signs = destination.Slice(2, Size / 8);
            signs.Clear();
            for (var i = 0; i < Size; i++)
                if (source[i] >= 0) signs[i / 8] |= (byte)(1 << (i % 8));
        }
    }

    /// <summary>Encodes a row as Q2_0: the largest magnitude of 64, and numbers from -1 to 2 in its units, plus 1.</summary>
    public static void EncodeQ2(ReadOnlySpan<float> source, Span<byte> destination)
    {
        const int Size = 64, Bytes = 18;
        for (; source.Length >= Size; source = source[Size..], destination = destination[Bytes..])
        {
            var inverse = WriteLargest(source[..Size], destination);
            var pairs = destination.Slice(2, Size / 4);
            pairs.Clear();
            for (var i = 0; i < Size; i++) pairs[i / 4] |= (byte)(Math.Clamp(Rounded(source[i] * inverse) + 1, 0, 3) << (2 * (i % 4)));
        }
    }

    /// <summary>Encodes a row as TQ1_0: five ternary digits in a byte, as a fraction of 256, the first digit the most significant.</summary>
    public static void EncodeTernary(ReadOnlySpan<float> source, Span<byte> destination)
    {
        const int Size = 256, Bytes = 54;
        for (; source.Length >= Size; source = source[Size..], destination = destination[Bytes..])
        {
            var inverse = WriteLargest(source[..Size], destination[52..]);
            WriteDigits(source, inverse, 32, 5, destination);
            WriteDigits(source[160..], inverse, 16, 5, destination[32..]);
            WriteDigits(source[240..], inverse, 4, 4, destination[48..]);
        }
    }

    /// <summary>Encodes a row as TQ2_0: ternary digits in two bits.</summary>
    public static void EncodeTernaryPairs(ReadOnlySpan<float> source, Span<byte> destination)
    {
        const int Size = 256, Bytes = 66;
        Span<byte> digits = stackalloc byte[Size];
        for (; source.Length >= Size; source = source[Size..], destination = destination[Bytes..])
        {
            var inverse = WriteLargest(source[..Size], destination[64..]);
            for (var i = 0; i < Size; i++) digits[i] = (byte)(Rounded(source[i] * inverse) + 1);
            BlockWriter.Pairs(digits, destination);
        }
    }

    // Byte i has the digits of numbers i, i + count, i + 2 count, ...; four digits count as five with a last one of 0.
    private static void WriteDigits(ReadOnlySpan<float> source, float inverse, int count, int digits, Span<byte> destination)
    {
        for (var i = 0; i < count; i++)
        {
            byte number = 0;
            for (var digit = 0; digit < digits; digit++) number = (byte)((number * 3) + Rounded(source[i + (digit * count)] * inverse) + 1);
            if (digits == 4) number *= 3;
            destination[i] = (byte)(((number * 256) + 242) / 243);
        }
    }

    /// <summary>Writes the largest magnitude and returns its inverse.</summary>
    private static float WriteLargest(ReadOnlySpan<float> x, Span<byte> destination)
    {
        var (magnitude, _) = BlockWriter.Largest(x);
        BlockWriter.Half(destination, magnitude);
        return magnitude != 0 ? 1 / magnitude : 0;
    }

    private static int Rounded(float x) => (int)MathF.Round(x, MidpointRounding.AwayFromZero);
}
