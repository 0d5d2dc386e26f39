using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArchGen.Cpu.Kernels.Integers.Formats;
using ArchGen.Formats.Simd;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>
/// The product for few tokens on AVX2: weights as the file's integers, activations as 16-bit integers. Sums of a group are exact integers: below
/// 32 * 128 * 32767. A token's sums have the same order alone and among others.
/// </summary>
internal static unsafe class Int16DotProducts<TFormat> where TFormat : struct, IInt16Format
{
    // A block has at most 16 scales and 16 offsets; those of two blocks are in memory.
    private const int Groups = 16, ScaleBytes = 2 * 2 * Groups * sizeof(float);

    // Each part of a row is added up separately, for one token too, so that its results have the same bits as among others.
    private const int Block = Int16Activations.BlockSize, BlocksOfPart = 8;

    /// <summary>Computes y[t, r]; k is whole blocks, at least 256; x as in <see cref="Int16Activations"/>.</summary>
    [SkipLocalsInit]
    public static void Compute(byte* weights, long rowBytes, int rows, int k, byte* x, long xStride, int tokens, float* y, long yStride)
    {
        var (whole, rest) = (k / Block, k % Block);
        // The activations of four tokens for a part stay in the first-level cache while the rows pass.
        var blocks = tokens == 1 ? whole : BlocksOfPart;
        for (var begin = 0; begin < whole; begin += blocks)
        {
            byte* w = weights + ((long)begin * TFormat.Bytes), a = x + ((long)begin * Int16Activations.BlockBytes);
            ComputeBlocks(w, rowBytes, rows, Math.Min(blocks, whole - begin), a, xStride, tokens, y, yStride, isAdded: begin > 0);
        }

        if (rest == 0) return;
        var last = stackalloc byte[rows * TFormat.Bytes];
        LastSteps.Copy(weights + ((long)whole * TFormat.Bytes), rowBytes, rows, rest * TFormat.Bytes / Block, TFormat.Bytes, last);
        ComputeBlocks(last, TFormat.Bytes, rows, 1, x + ((long)whole * Int16Activations.BlockBytes), xStride, tokens, y, yStride, isAdded: true);
    }

    private static void ComputeBlocks(
        byte* weights, long rowBytes, int rows, int blocks, byte* x, long xStride, int tokens, float* y, long yStride, bool isAdded)
    {
        while (tokens > 0)
        {
            var count = tokens >= 4 ? 4 : tokens >= 2 ? 2 : 1;
            if (count == 4) Rows<Four>(weights, rowBytes, rows, blocks, x, xStride, y, yStride, isAdded);
            else if (count == 2) Rows<Two>(weights, rowBytes, rows, blocks, x, xStride, y, yStride, isAdded);
            else Rows<One>(weights, rowBytes, rows, blocks, x, xStride, y, yStride, isAdded);
            x += count * xStride;
            y += count * yStride;
            tokens -= count;
        }
    }

    // Scales of two blocks are aligned to their size, so that one bit tells them apart.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* Other(float* scales) => (float*)((nuint)scales ^ (ScaleBytes / 2));

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows<TCount>(byte* weights, long rowBytes, int rows, int blocks, byte* x, long xStride, float* y, long yStride, bool isAdded)
        where TCount : struct, ICount
    {
        var memory = stackalloc byte[2 * ScaleBytes];
        var scales = (float*)(((nuint)memory + (ScaleBytes - 1)) & ~(nuint)(ScaleBytes - 1));
        // After a part of a row comes that of another row.
        var partBytes = (long)blocks * TFormat.Bytes;
        var ahead = partBytes < rowBytes ? rowBytes * ((Memory.FarDistance / partBytes) + 1) : Memory.FarDistance;
        for (var r = 0; r < rows; r++, weights += rowBytes)
        {
            byte* w = weights, a = x;
            // Unpacking scales through memory has a long latency: those of the next block are unpacked before this one is used.
            TFormat.Scales(w, scales, scales + Groups);
            for (var left = blocks; left > 0;)
            {
                var isSum = isAdded || left < blocks;
                Vector256<float> total0 = default, total1 = default, total2 = default, total3 = default;
                for (var end = Math.Max(left - BlocksOfPart, 0); left > end; left--, w += TFormat.Bytes, a += Int16Activations.BlockBytes)
                {
                    for (var at = 0; at < TFormat.Bytes; at += 64) Sse.Prefetch1(w + ahead + at);
                    var next = Other(scales);
                    TFormat.Scales(left > 1 ? w + TFormat.Bytes : w, next, next + Groups);
                    Vector256<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
                    Part<TCount>(w, 0, scales, a, xStride, ref sum0, ref sum1, ref sum2, ref sum3);
                    Part<TCount>(w, 1, scales, a, xStride, ref sum0, ref sum1, ref sum2, ref sum3);
                    Part<TCount>(w, 2, scales, a, xStride, ref sum0, ref sum1, ref sum2, ref sum3);
                    Part<TCount>(w, 3, scales, a, xStride, ref sum0, ref sum1, ref sum2, ref sum3);
                    total0 = Int16Sums<TFormat>.AddBlock(total0, sum0, a, scales + Groups);
                    if (TCount.Tokens > 1) total1 = Int16Sums<TFormat>.AddBlock(total1, sum1, a + xStride, scales + Groups);
                    if (TCount.Tokens > 2) total2 = Int16Sums<TFormat>.AddBlock(total2, sum2, a + (2 * xStride), scales + Groups);
                    if (TCount.Tokens > 3) total3 = Int16Sums<TFormat>.AddBlock(total3, sum3, a + (3 * xStride), scales + Groups);
                    scales = next;
                }

                Put(total0, y + r, isSum);
                if (TCount.Tokens > 1) Put(total1, y + r + yStride, isSum);
                if (TCount.Tokens > 2) Put(total2, y + r + (2 * yStride), isSum);
                if (TCount.Tokens > 3) Put(total3, y + r + (3 * yStride), isSum);
            }
        }
    }

    /// <summary>Adds up the lanes of a total.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Vector256<float> total, float* y, bool isAdded) => *y = isAdded ? *y + Vector256.Sum(total) : Vector256.Sum(total);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Part<TCount>(
        byte* block, int part, float* scales, byte* x, long xStride,
        ref Vector256<float> sum0, ref Vector256<float> sum1, ref Vector256<float> sum2, ref Vector256<float> sum3)
        where TCount : struct, ICount
    {
        TFormat.Unpack(block, part, out var a, out var b, out var c, out var d);
        Int16Sums<TFormat>.Scales(block, part, scales, out var first, out var second);
        x += 64 * sizeof(short) * part;
        sum0 = Int16Sums<TFormat>.AddPart(a, b, c, d, first, second, (short*)x, sum0);
        if (TCount.Tokens > 1) sum1 = Int16Sums<TFormat>.AddPart(a, b, c, d, first, second, (short*)(x + xStride), sum1);
        if (TCount.Tokens > 2) sum2 = Int16Sums<TFormat>.AddPart(a, b, c, d, first, second, (short*)(x + (2 * xStride)), sum2);
        if (TCount.Tokens > 3) sum3 = Int16Sums<TFormat>.AddPart(a, b, c, d, first, second, (short*)(x + (3 * xStride)), sum3);
    }

    private interface ICount
    {
        static abstract int Tokens { get; }
    }

    private readonly struct One : ICount
    {
        public static int Tokens => 1;
    }

    private readonly struct Two : ICount
    {
        public static int Tokens => 2;
    }

    private readonly struct Four : ICount
    {
        public static int Tokens => 4;
    }
}
