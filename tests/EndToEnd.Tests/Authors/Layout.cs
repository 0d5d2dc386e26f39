namespace ArchGen.EndToEnd.Tests.Authors;

/// <summary>How the file format lays out a checkpoint's tensors.</summary>
internal static class Layout
{
    private static readonly float[] Magnitudes = [0, 0.5f, 1, 1.5f, 2, 3, 4, 6];

    /// <summary>Rotary pairs as neighbours: within a head, row i of each half becomes rows 2i and 2i+1.</summary>
    public static float[] PairHalves(float[] values, long[] dims, int heads)
    {
        var rows = (int)dims[0];
        var width = values.Length / rows;
        var half = rows / heads / 2;
        var result = new float[values.Length];
        for (var row = 0; row < rows; row++)
        {
            int head = row / (2 * half), within = row % (2 * half);
            var target = (head * 2 * half) + (within % half * 2) + (within / half);
            values.AsSpan(row * width, width).CopyTo(result.AsSpan(target * width, width));
        }

        return result;
    }

    /// <summary>Rows in groups of <paramref name="queries"/> query heads, a key head and a value head, as all queries, all keys, all values.</summary>
    public static float[] Ungroup(float[] values, int groups, int queries)
    {
        var head = values.Length / groups / (queries + 2);
        IEnumerable<float> Rows(int first, int count) =>
            Enumerable.Range(0, groups).SelectMany(g => values.Skip(((g * (queries + 2)) + first) * head).Take(count * head));

        return [.. Rows(0, queries), .. Rows(queries, 1), .. Rows(queries + 1, 1)];
    }

    public static float[] Transpose(float[] values, int rows, int columns)
    {
        var result = new float[values.Length];
        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < columns; c++) result[(c * rows) + r] = values[(r * columns) + c];
        }

        return result;
    }

    /// <summary>The key rows of each head, transposed: [heads, rank, keys].</summary>
    public static float[] KeysByHead(float[] values, int heads, int keys, int valueRows, int rank) =>
        [.. Enumerable.Range(0, heads).SelectMany(h => Transpose(values.AsSpan(h * (keys + valueRows) * rank, keys * rank).ToArray(), keys, rank))];

    /// <summary>The value rows of each head: [heads, values, rank].</summary>
    public static float[] ValuesByHead(float[] values, int heads, int keys, int valueRows, int rank) =>
        [.. Enumerable.Range(0, heads).SelectMany(h => values.AsSpan(((h * (keys + valueRows)) + keys) * rank, valueRows * rank).ToArray())];

    /// <summary>The rows of each expert: [experts, rows, width], or [experts, width, rows].</summary>
    public static (float[] Values, long[] Dims) ByExpert(float[] values, long[] dims, int experts, bool isTransposed)
    {
        int rows = (int)dims[0] / experts, width = (int)dims[1];
        if (!isTransposed) return (values, [experts, rows, width]);
        return ([.. Enumerable.Range(0, experts).SelectMany(e => Transpose(values.AsSpan(e * rows * width, rows * width).ToArray(), rows, width))], [experts, width, rows]);
    }

    /// <summary>The numbers of MXFP4 blocks (OCP Microscaling Formats 1.0): pairs of 4-bit floats, low nibble first, times a power of two for each 32.</summary>
    public static float[] Mxfp4(float[] blocks, float[] scales)
    {
        var result = new float[2 * blocks.Length];
        for (var i = 0; i < result.Length; i++)
        {
            var nibble = ((int)blocks[i / 2] >> (4 * (i % 2))) & 15;
            result[i] = (nibble < 8 ? 1 : -1) * Magnitudes[nibble & 7] * MathF.ScaleB(1, (int)scales[i / 32] - 127);
        }

        return result;
    }

    /// <summary>Such numbers as a model file's blocks: the exponent, then 16 bytes with element j in the low and j + 16 in the high nibble.</summary>
    public static byte[] ToMxfp4(float[] values)
    {
        var bytes = new List<byte>();
        foreach (var block in values.Chunk(32))
        {
            // 4 and 6, the largest magnitudes, are of the exponent 2.
            var largest = block.Max(Math.Abs);
            var exponent = largest == 0 ? 0 : Math.ILogB(largest) - 2;
            int Nibble(float x) => (x < 0 ? 8 : 0) | Array.IndexOf(Magnitudes, MathF.ScaleB(MathF.Abs(x), -exponent));
            bytes.Add((byte)(exponent + 127));
            for (var j = 0; j < 16; j++) bytes.Add((byte)(Nibble(block[j]) | (Nibble(block[j + 16]) << 4)));
        }

        return [.. bytes];
    }

    /// <summary>Every second row of each expert, from the first or the second on: [experts, rows, width] -> [experts, rows/2, width].</summary>
    public static float[] EverySecondRow(float[] values, int first, int width) =>
        [.. values.Chunk(width).Where((_, row) => row % 2 == first).SelectMany(row => row)];

    /// <summary>The nearest number of the stored type.</summary>
    public static float Round(float value, string type) => type switch
    {
        "F32" or "U8" => value,
        "F16" => (float)(Half)value,
        "BF16" => RoundToBFloat16(value),
        _ => throw new ArgumentException($"unknown type {type}", nameof(type)),
    };

    private static float RoundToBFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return BitConverter.UInt32BitsToSingle((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000);
    }
}
