using ArchGen.Fixtures;
using ArchGen.Formats;

namespace ArchGen.Cpu.Tests.Kernels;

/// <summary>12 rows of 1024 weights, quantized by llama.cpp: gaussian, outliers, zeros, constant and others.</summary>
internal static class QuantizedRows
{
    public const int Rows = 12;
    public const int RowLength = 1024;

    /// <summary>The rows as they are encoded: without importance, and with it.</summary>
    public static string[] Variants(TensorType type) => TensorFormats.Of(type).Encoder!.NeedsImportance ? ["imatrix"] : ["plain", "imatrix"];

    public static byte[] Read(TensorType type)
    {
        if (type != TensorType.F32) return Read(type, Variants(type)[0]);

        // F32 has no quantized rows; the values of another type serve.
        var random = new Random(7);
        var values = Enumerable.Range(0, Rows * RowLength).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray();
        return System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
    }

    public static byte[] Read(TensorType type, string variant) =>
        File.ReadAllBytes(SharedFixtures.Local($"quantization/{type}.{variant}.bin"));

    /// <summary>SHA-256 of the rows as llama.cpp dequantizes them.</summary>
    public static string DequantizedHash(TensorType type, string variant) =>
        File.ReadLines(SharedFixtures.Local("quantization/dequantized.sha256"))
            .Single(line => line.StartsWith($"{type}.{variant} ", StringComparison.Ordinal)).Split(' ')[1];
}
