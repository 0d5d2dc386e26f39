namespace ArchGen.Tools.Quantization.Encoders;

/// <summary>Four-bit floats (E2M1) with a scale for a group: a power of two for 32 (MXFP4, OCP microscaling formats 1.0), an unsigned E4M3 float for 16 (NVFP4).</summary>
internal static class SmallFloatEncoder
{
    // Twice the values of E2M1, whose scale therefore counts half.
    private static ReadOnlySpan<sbyte> Doubled => [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12];

    /// <summary>Encodes a row as MXFP4: the exponent, then 16 bytes.</summary>
    public static void EncodeMxfp4(ReadOnlySpan<float> source, Span<byte> destination)
    {
        const int Size = 32, Bytes = 17;
        for (; source.Length >= Size; source = source[Size..], destination = destination[Bytes..])
        {
            var (magnitude, _) = BlockWriter.Largest(source[..Size]);
            // The largest number of E2M1 is 6, between 2^2 and 2^3.
            var exponent = magnitude > 0 ? (byte)(MathF.Floor((float)Math.Log2(magnitude)) - 2 + 127) : (byte)0;
            destination[0] = exponent;
            WriteNearest(source[..Size], HalfPowerOfTwo(exponent), destination[1..]);
        }
    }

    /// <summary>Encodes a row as NVFP4: four scales, then 32 bytes.</summary>
    public static void EncodeNvfp4(ReadOnlySpan<float> source, Span<byte> destination)
    {
        const int Size = 16, Groups = 4, Bytes = 36;
        for (; source.Length >= Groups * Size; source = source[(Groups * Size)..], destination = destination[Bytes..])
        {
            for (var g = 0; g < Groups; g++)
            {
                var group = source.Slice(g * Size, Size);
                var (magnitude, _) = BlockWriter.Largest(group);
                destination[g] = ToUnsignedE4M3(magnitude / 6);
                WriteNearest(group, HalfOfUnsignedE4M3(destination[g]), destination[(Groups + (g * Size / 2))..]);
            }
        }
    }

    private static void WriteNearest(ReadOnlySpan<float> x, float scale, Span<byte> destination)
    {
        var half = x.Length / 2;
        for (var i = 0; i < half; i++) destination[i] = (byte)(Nearest(x[i], scale) | Nearest(x[i + half], scale) << 4);
    }

    private static int Nearest(float x, float scale)
    {
        var (nearest, error) = (0, MathF.Abs((Doubled[0] * scale) - x));
        for (var i = 1; i < Doubled.Length; i++)
        {
            var other = MathF.Abs((Doubled[i] * scale) - x);
            if (other < error) (nearest, error) = (i, other);
        }

        return nearest;
    }

    /// <summary>2^(e - 128): half of the power that the exponent stands for.</summary>
    private static float HalfPowerOfTwo(byte exponent) => BitConverter.UInt32BitsToSingle(exponent < 2 ? 0x00200000u << exponent : (uint)(exponent - 1) << 23);

    private static float HalfOfUnsignedE4M3(byte x)
    {
        if (x is 0 or 0x7F) return 0;
        int exponent = x >> 3 & 0x0F, mantissa = x & 7;
        return (exponent == 0 ? MathF.ScaleB(mantissa, -9) : MathF.ScaleB(1 + (mantissa / 8f), exponent - 7)) * 0.5f;
    }

    private static byte ToUnsignedE4M3(float x)
    {
        const byte Largest = 0x7E;
        if (!(x > 0)) return 0;
        x = MathF.Min(x, 448);
        var bits = BitConverter.SingleToUInt32Bits(x);
        var exponent = (int)(bits >> 23 & 0xFF) - 127 + 7;
        if (exponent <= 0) return (byte)Math.Min(7, (int)((x * 512) + 0.5f));
        if (exponent >= 15) return Largest;
        var mantissa = (int)(bits >> 20 & 7) + (int)(bits >> 19 & 1);
        if (mantissa > 7) (mantissa, exponent) = (0, exponent + 1);
        return exponent >= 15 ? Largest : (byte)(exponent << 3 | mantissa);
    }
}
