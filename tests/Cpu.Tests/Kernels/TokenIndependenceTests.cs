using ArchGen.Cpu.Kernels;
using ArchGen.Formats;

namespace ArchGen.Cpu.Tests.Kernels;

/// <summary>By one method a token's result has the same bits whatever tokens are computed with it.</summary>
public sealed unsafe class TokenIndependenceTests
{
    private const int Rows = QuantizedRows.Rows;

    // Rows of several parts, chunks and segments, the last of them shorter.
    private const int WideRow = 5 * QuantizedRows.RowLength / 2;

    private static readonly int[] Counts = [1, 2, 3, 4, 5, 8, 13, 17, 33, 70];

    public static TheoryData<TensorType, InstructionSet, Precision> TypesAndTiers() => DequantizeTests.TypesAndTiers();

    [Theory]
    [MemberData(nameof(TypesAndTiers))]
    public void A_token_has_the_same_bits_alone_and_among_others(TensorType type, InstructionSet set, Precision precision)
    {
        var target = new CpuTarget(set, precision);
        foreach (var k in (int[])[256, 544, 576, 640, 896, WideRow, WideRow + 32])
        {
            if (k % type.BlockSize != 0) continue;
            foreach (var method in (ProductMethod[])[ProductMethod.Rows, ProductMethod.Tiles])
                AssertIndependent(MatMulKernel.For(type, target).With(method), k, $"{method}, k {k}");
        }
    }

    /// <summary>Rows of a range that begins elsewhere are tiled with others.</summary>
    [Theory]
    [MemberData(nameof(TypesAndTiers))]
    public void A_row_has_the_same_bits_in_every_range(TensorType type, InstructionSet set, Precision precision)
    {
        var target = new CpuTarget(set, precision);
        foreach (var method in (ProductMethod[])[ProductMethod.ByCount, ProductMethod.Rows, ProductMethod.Tiles])
        {
            var kernel = MatMulKernel.For(type, target).With(method);
            foreach (var tokens in (int[])[1, 4, 5, 33])
            {
                var whole = Multiply(kernel, QuantizedRows.RowLength, tokens, 0, Rows);
                foreach (var begin in (int[])[2, 6, 8])
                {
                    var part = Multiply(kernel, QuantizedRows.RowLength, tokens, begin, Rows);
                    for (var t = 0; t < tokens; t++)
                        Assert.Equal(whole.AsSpan((t * Rows) + begin, Rows - begin), part.AsSpan((t * Rows) + begin, Rows - begin));
                }
            }
        }
    }

    private static void AssertIndependent(MatMulKernel kernel, int k, string name)
    {
        var all = Multiply(kernel, k, Counts[^1], 0, Rows);
        foreach (var tokens in Counts)
        {
            var some = Multiply(kernel, k, tokens, 0, Rows);
            for (var t = 0; t < tokens; t++)
            {
                for (var r = 0; r < Rows; r++)
                {
                    var (expected, found) = (all[(t * Rows) + r], some[(t * Rows) + r]);
                    Assert.True(
                        BitConverter.SingleToUInt32Bits(expected) == BitConverter.SingleToUInt32Bits(found),
                        $"{name}: token {t}, row {r} is {found:r} of {tokens} tokens and {expected:r} of {Counts[^1]}.");
                }
            }
        }
    }

    private static float[] Multiply(MatMulKernel kernel, int k, int tokens, int rowBegin, int rowEnd)
    {
        var rowBytes = kernel.Type.ByteLength(k);
        var source = QuantizedRows.Read(kernel.Type);
        using var weights = new NativeBuffer<byte>(Rows * rowBytes);
        for (var i = 0; i < weights.Span.Length; i++) weights.Span[i] = source[i % source.Length];
        var random = new Random(k);
        using var x = new NativeBuffer<float>(Counts[^1] * k);
        foreach (ref var value in x.Span) value = (float)((random.NextDouble() - 0.5) * (random.Next(40) == 0 ? 30 : 1));
        using var prepared = new NativeBuffer<byte>(kernel.PreparedBytes(tokens, k));
        using var y = new NativeBuffer<float>(tokens * Rows);
        kernel.Prepare(x.Pointer, k, null, 0, tokens, tokens, k, prepared.Pointer);
        kernel.Multiply(weights.Pointer, rowBytes, rowBegin, rowEnd, k, prepared.Pointer, tokens, y.Pointer, Rows);
        return y.Span.ToArray();
    }
}
