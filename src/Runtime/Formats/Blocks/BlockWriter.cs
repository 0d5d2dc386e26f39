namespace ArchGen.Formats.Blocks;

/// <summary>Common code to write blocks of several types.</summary>
internal static unsafe class BlockWriter
{
    /// <summary>Writes a half-precision number, and returns what it became.</summary>
    public static float Half(ushort* destination, float value)
    {
        var half = (Half)value;
        *destination = BitConverter.HalfToUInt16Bits(half);
        return (float)half;
    }

    /// <summary>The importance of each element by its magnitude: weight * sqrt(sigma2 + x^2).</summary>
    public static void ComputeWeights(ReadOnlySpan<float> x, ReadOnlySpan<float> importance, float sigma2, Span<float> weights)
    {
        for (var i = 0; i < x.Length; i++) weights[i] = importance[i] * MathF.Sqrt(sigma2 + (x[i] * x[i]));
    }

    /// <summary>The sum of squares, added up in order.</summary>
    public static float SumOfSquares(ReadOnlySpan<float> x)
    {
        var sum = 0f;
        foreach (var value in x) sum += value * value;
        return sum;
    }

    /// <summary>The largest magnitude, and the number that has it, the first of several.</summary>
    public static (float Magnitude, float Value) Largest(ReadOnlySpan<float> x)
    {
        float magnitude = 0, largest = 0;
        foreach (var value in x)
        {
            if (!(magnitude < MathF.Abs(value))) continue;
            (magnitude, largest) = (MathF.Abs(value), value);
        }

        return (magnitude, largest);
    }

    /// <summary>Nibbles of 32 numbers: number i in the low, i + 16 in the high half of byte i.</summary>
    public static void Nibbles(ReadOnlySpan<byte> quants, byte* destination)
    {
        for (var i = 0; i < 16; i++) destination[i] = (byte)((quants[i] & 0x0F) | (quants[i + 16] << 4));
    }

    /// <summary>Two-bit numbers, 128 in 32 bytes: byte i has numbers i, i + 32, i + 64 and i + 96, the lowest first.</summary>
    public static void Pairs(ReadOnlySpan<byte> quants, byte* destination)
    {
        for (var half = 0; half < quants.Length; half += 128)
        {
            for (var i = 0; i < 32; i++)
            {
                int first = quants[half + i] & 3, second = quants[half + i + 32] & 3, third = quants[half + i + 64] & 3, fourth = quants[half + i + 96] & 3;
                destination[(half / 4) + i] = (byte)(first | second << 2 | third << 4 | fourth << 6);
            }
        }
    }
}
