namespace ArchGen.EndToEnd.Tests.Authors;

/// <summary>How the file format lays out a checkpoint's tensors.</summary>
internal static class Layout
{
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

    /// <summary>The nearest number of the stored type.</summary>
    public static float Round(float value, string type) => type switch
    {
        "F32" => value,
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
