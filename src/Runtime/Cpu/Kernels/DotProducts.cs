using System.Runtime.CompilerServices;
using ArchGen.Cpu.Kernels.Simd;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Simd;

namespace ArchGen.Cpu.Kernels;

/// <summary>
/// The product for few tokens, bound by memory bandwidth: each weight is read once from memory and multiplied in registers.
/// </summary>
internal static unsafe class DotProducts<TFormat, TSimd, TVector>
    where TFormat : struct, IBlockFormat
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    // This many activations of four tokens fit the first-level cache, and the rows' weights the second-level cache for the next four tokens.
    private const int ChunkSize = 1024;
    private const int Rows = 16;

    /// <summary>y[t, r] for t in 0..tokens, r in rowBegin..rowEnd; x as in <see cref="ActivationRows"/>.</summary>
    public static void Compute(
        byte* weights, long rowBytes, int rowBegin, int rowEnd, int k, float* x, long xStride, int tokens, float* y, long yStride)
    {
        if (tokens == 1)
        {
            ComputeOne(weights + rowBegin * rowBytes, rowBytes, rowEnd - rowBegin, k, x, y + rowBegin);
            return;
        }

        for (var r = rowBegin; r < rowEnd; r += Rows)
        {
            var rows = Math.Min(Rows, rowEnd - r);
            for (var begin = 0; begin < k; begin += ChunkSize)
            {
                var chunk = weights + r * rowBytes + (long)begin / TFormat.Weights * TFormat.Bytes;
                var count = Math.Min(ChunkSize, k - begin);
                for (var t = 0; t < tokens; t += 4)
                {
                    var left = tokens - t;
                    var xChunk = x + t * xStride + begin;
                    var target = y + t * yStride + r;
                    if (left > 2)
                        AddChunk<DotSink4<TSimd, TVector>>(chunk, rowBytes, rows, count, xChunk, xStride, left, target, yStride, begin == 0);
                    else if (left == 2)
                        AddChunk<DotSink2<TSimd, TVector>>(chunk, rowBytes, rows, count, xChunk, xStride, left, target, yStride, begin == 0);
                    else
                        AddChunk<DotSink1<TSimd, TVector>>(chunk, rowBytes, rows, count, xChunk, xStride, left, target, yStride, begin == 0);
                }
            }
        }
    }

    /// <summary>The same for one token: row by row to its end, since memory is read fastest so, and in the same chunks, so that it has the same bits.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void ComputeOne(byte* weights, long rowBytes, int rows, int k, float* x, float* y)
    {
        for (var r = 0; r < rows; r++, weights += rowBytes)
        {
            for (var begin = 0; begin < k; begin += ChunkSize)
            {
                var sink = DotSink1<TSimd, TVector>.Create(x + begin, 0, 1);
                TFormat.Unpack<TSimd, TVector, DotSink1<TSimd, TVector>>(
                    weights + (long)begin / TFormat.Weights * TFormat.Bytes, Math.Min(ChunkSize, k - begin), ref sink);
                Add(y + r, sink.Total(0), begin == 0);
            }
        }
    }

    /// <summary>Adds what a chunk of some rows contributes; the first chunk replaces what y holds.</summary>
    // Never inlined: inside its caller the JIT does not inline all of it and spills the sums.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AddChunk<TSink>(
        byte* weights, long rowBytes, int rows, int count, float* x, long xStride, int tokens, float* y, long yStride, bool isFirst)
        where TSink : struct, IDotSink<TSink, TVector>
    {
        for (var r = 0; r < rows; r++)
        {
            var sink = TSink.Create(x, xStride, tokens);
            TFormat.Unpack<TSimd, TVector, TSink>(weights + r * rowBytes, count, ref sink);
            Add(y + r, sink.Total(0), isFirst);
            if (TSink.Tokens > 1) Add(y + yStride + r, sink.Total(1), isFirst);
            if (TSink.Tokens > 2) Add(y + 2 * yStride + r, sink.Total(2), isFirst);
            if (TSink.Tokens > 3 && tokens > 3) Add(y + 3 * yStride + r, sink.Total(3), isFirst);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* target, float value, bool isFirst) => *target = isFirst ? value : *target + value;
}
