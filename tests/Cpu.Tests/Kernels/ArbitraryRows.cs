using ArchGen.Formats;

namespace ArchGen.Cpu.Tests.Kernels;

/// <summary>As many rows as <see cref="QuantizedRows"/> whose codes no encoder chose, random or all the same.</summary>
internal static class ArbitraryRows
{
    /// <summary>All rows of a quantized type.</summary>
    /// <param name="type">The type.</param>
    /// <param name="code">What every byte is, scales of blocks excepted; null: random.</param>
    public static byte[] Create(TensorType type, byte? code)
    {
        var random = new Random((int)type);
        var bytes = new byte[type.ByteLength(QuantizedRows.Rows * QuantizedRows.RowLength)];
        if (code is { } same) bytes.AsSpan().Fill(same);
        else random.NextBytes(bytes);
        // Of one sign where codes are the same, so that nothing cancels.
        float NextScale() => MathF.ScaleB(code is null && random.Next(2) == 0 ? -1 : 1, random.Next(-6, 3));
        for (var begin = 0; begin < bytes.Length; begin += type.BytesPerBlock)
            SetScales(type, bytes.AsSpan(begin, type.BytesPerBlock), NextScale);
        return bytes;
    }

    private static void SetScales(TensorType type, Span<byte> block, Func<float> next)
    {
        if (type == TensorType.MXFP4)
        {
            block[0] = (byte)(128 + Math.ILogB(next()));
            return;
        }

        foreach (var place in HalfPlaces(type)) BitConverter.TryWriteBytes(block[place..], (Half)next());
        if (type != TensorType.IQ1_M) return;
        var half = BitConverter.HalfToUInt16Bits((Half)next());
        for (var word = 0; word < 4; word++) block[49 + (2 * word)] = (byte)(block[49 + (2 * word)] & 15 | (half >> (4 * word) & 15) << 4);
    }

    /// <summary>Where a block's half-precision scales and offsets are (ggml-common.h).</summary>
    private static int[] HalfPlaces(TensorType type) => type switch
    {
        TensorType.Q4_1 or TensorType.Q5_1 or TensorType.Q4_K or TensorType.Q5_K => [0, 2],
        TensorType.Q2_K => [80, 82],
        TensorType.Q3_K => [108],
        TensorType.Q6_K => [208],
        TensorType.TQ1_0 => [52],
        TensorType.TQ2_0 => [64],
        TensorType.IQ1_M or TensorType.NVFP4 => [],
        _ => [0],
    };
}
