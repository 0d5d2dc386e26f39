using ArchGen.Cpu.Kernels;
using ArchGen.Cpu.Kernels.Integers;
using ArchGen.Formats;

namespace ArchGen.Cpu.Tests.Kernels.Integers;

/// <summary>The last step of rows that are not whole steps wide.</summary>
public sealed unsafe class LastStepsTests
{
    [Fact]
    public void Zeros_fill_up_what_is_left_of_each_row()
    {
        const int Rows = 3, RowBytes = 40, StepBytes = 50;
        foreach (var rest in (int[])[16, 17, 31, 32, 34])
        {
            using var rows = new NativeBuffer<byte>([.. Enumerable.Range(1, Rows * RowBytes).Select(i => (byte)i)]);
            using var steps = new NativeBuffer<byte>(Rows * StepBytes);
            steps.Span.Fill(0xFF);

            LastSteps.Copy(rows.Pointer + RowBytes - rest, RowBytes, Rows, rest, StepBytes, steps.Pointer);

            for (var row = 0; row < Rows; row++)
            {
                var expected = Enumerable.Range(0, StepBytes).Select(i => (byte)(i < rest ? (row * RowBytes) + RowBytes - rest + i + 1 : 0));
                Assert.Equal(expected, steps.Span.Slice(row * StepBytes, StepBytes).ToArray());
            }
        }
    }

    /// <summary>They round activations, which exact products do not.</summary>
    [VnniTheory]
    [InlineData(512)]
    [InlineData(544)]
    [InlineData(576)]
    public void Rows_of_whole_blocks_are_multiplied_in_integers(int k)
    {
        var target = new CpuTarget(InstructionSet.Avx512Vnni, Precision.Int16);
        foreach (var type in (TensorType[])[TensorType.Q4_0, TensorType.Q4_1, TensorType.Q8_0, TensorType.IQ4_NL])
            Assert.NotEqual(Multiply(MatMulKernel.For(type, target.ToExact()), k), Multiply(MatMulKernel.For(type, target), k));
    }

    private static float[] Multiply(MatMulKernel kernel, int k)
    {
        const int Tokens = 3, Rows = QuantizedRows.Rows;
        using var weights = new NativeBuffer<byte>(QuantizedRows.Read(kernel.Type));
        var random = new Random(k);
        using var x = new NativeBuffer<float>(Tokens * k);
        foreach (ref var value in x.Span) value = random.NextSingle() - 0.5f;
        using var prepared = new NativeBuffer<byte>(kernel.PreparedBytes(Tokens, k));
        using var y = new NativeBuffer<float>(Tokens * Rows);
        kernel.Prepare(x.Pointer, k, null, 0, Tokens, Tokens, k, prepared.Pointer);
        kernel.Multiply(weights.Pointer, kernel.Type.ByteLength(k), 0, Rows, k, prepared.Pointer, Tokens, y.Pointer, Rows);
        return y.Span.ToArray();
    }
}
