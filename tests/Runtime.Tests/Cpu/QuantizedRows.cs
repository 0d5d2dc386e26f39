using ArchGen.Fixtures;
using ArchGen.Gguf;
using ArchGen.Quantization;

namespace ArchGen.Runtime.Tests.Cpu;

/// <summary>12 rows of 1024 weights, quantized by llama.cpp: gaussian, outliers, zeros, constant and others.</summary>
internal static class QuantizedRows
{
    public const int Rows = 12;
    public const int RowLength = 1024;

    public static byte[] Read(TensorType type)
    {
        if (type != TensorType.F32) return File.ReadAllBytes(SharedFixtures.Local($"quantization/{type}.{(TensorEncoder.NeedsImportance(type) ? "imatrix" : "plain")}.bin"));

        // F32 has no quantized rows; the values of another type serve.
        var random = new Random(7);
        var values = Enumerable.Range(0, Rows * RowLength).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray();
        return System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
    }

    /// <summary>SHA-256 of the rows as llama.cpp dequantizes them.</summary>
    public static string DequantizedHash(TensorType type) =>
        File.ReadLines(SharedFixtures.Local("quantization/dequantized.sha256")).Single(line => line.StartsWith($"{type} ")).Split(' ')[1];
}
