using ArchGen.Cpu.Kernels;
using ArchGen.Cpu.Threading;
using ArchGen.Formats;

namespace ArchGen.Cpu.Tests.Kernels;

/// <summary>A product that several threads compute.</summary>
public sealed unsafe class SharedProductTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(70)]
    public void Threads_share_a_product_without_changing_it(int tokens)
    {
        const int K = QuantizedRows.RowLength;
        const int Rows = 1000;
        var kernel = MatMulKernel.For(TensorType.Q8_0);
        var rowBytes = TensorType.Q8_0.ByteLength(K);
        using var weights = new NativeBuffer<byte>(Rows * rowBytes);
        var source = QuantizedRows.Read(TensorType.Q8_0);
        for (var r = 0; r < Rows; r++) source.AsSpan((int)(r % QuantizedRows.Rows * rowBytes), (int)rowBytes).CopyTo(weights.Span[(int)(r * rowBytes)..]);
        var random = new Random(tokens);
        using var x = new NativeBuffer<float>(tokens * K);
        foreach (ref var value in x.Span) value = random.NextSingle() - 0.5f;
        using var prepared = new NativeBuffer<byte>(kernel.PreparedBytes(tokens, K));
        using var alone = new NativeBuffer<float>(tokens * Rows);
        using var shared = new NativeBuffer<float>(tokens * Rows);

        kernel.Prepare(x.Pointer, K, null, 0, tokens, tokens, K, prepared.Pointer);
        kernel.Multiply(weights.Pointer, rowBytes, 0, Rows, K, prepared.Pointer, tokens, alone.Pointer, Rows);
        prepared.Span.Clear();
        using var pool = new WorkerPool(3);
        pool.Prepare(kernel, x.Pointer, K, null, tokens, K, prepared.Pointer);
        var before = GC.GetAllocatedBytesForCurrentThread();
        pool.Multiply(kernel, weights.Pointer, rowBytes, Rows, K, prepared.Pointer, tokens, shared.Pointer, Rows);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(alone.Span.SequenceEqual(shared.Span));
    }
}
