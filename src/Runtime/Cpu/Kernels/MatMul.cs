using ArchGen.Cpu.Threading;

namespace ArchGen.Cpu.Kernels;

/// <summary>Matrix products shared by the threads of a pool.</summary>
public static unsafe class MatMul
{
    /// <summary>Prepares the activations of all tokens; parameters as in <see cref="MatMulKernel.Prepare"/>.</summary>
    public static void Prepare(this WorkerPool pool, MatMulKernel kernel, float* x, long xStride, int* rows, int tokens, int k, byte* prepared) =>
        pool.Run(new PrepareJob(kernel, x, xStride, rows, tokens, k, prepared), tokens, MatMulKernel.PreparationGrain);

    /// <summary>Computes all <paramref name="rows"/> columns of y; parameters as in <see cref="MatMulKernel.Multiply"/>.</summary>
    public static void Multiply(
        this WorkerPool pool, MatMulKernel kernel, byte* weights, long rowBytes, int rows, int k, byte* prepared, int tokens, float* y, long yStride) =>
        pool.Run(new MultiplyJob(kernel, weights, rowBytes, k, prepared, tokens, y, yStride), rows, RowsPerRange(rows, pool.Threads, tokens));

    /// <summary>Rows per range: few, so that the threads end together; more for many tokens, whose activations are read again for each range.</summary>
    public static int RowsPerRange(int rows, int threads, int tokens)
    {
        const int Multiple = 12, RangesPerThread = 8, Few = 20;
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        var ranges = (long)threads * RangesPerThread;
        var even = (rows + ranges - 1) / ranges;
        return (int)Math.Clamp((even + Multiple - 1) / Multiple * Multiple, Multiple, tokens <= Few ? 24 : 96);
    }

    private readonly struct PrepareJob(MatMulKernel kernel, float* x, long xStride, int* rows, int tokens, int k, byte* prepared) : IParallelJob
    {
        public void Execute(int begin, int end) => kernel.Prepare(x, xStride, rows, begin, end, tokens, k, prepared);
    }

    private readonly struct MultiplyJob(
        MatMulKernel kernel, byte* weights, long rowBytes, int k, byte* prepared, int tokens, float* y, long yStride) : IParallelJob
    {
        public void Execute(int begin, int end) => kernel.Multiply(weights, rowBytes, begin, end, k, prepared, tokens, y, yStride);
    }
}
