using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArchGen.Cpu.Kernels.Integers.Formats;
using ArchGen.Formats.Simd;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>
/// The product for few tokens on AVX2: weights as the file's integers, activations as 16-bit integers. Sums of a group are exact integers: below
/// 32 * 128 * 32767.
/// </summary>
internal static unsafe class Int16DotProducts<TFormat> where TFormat : struct, IInt16Format
{
    // A block has at most 16 scales and 16 offsets; those of two blocks are in memory.
    private const int Groups = 16, ScaleBytes = 2 * 2 * Groups * sizeof(float);

    /// <summary>Computes y[t, r]; k is whole blocks, at least 256; x as in <see cref="Int16Activations"/>.</summary>
    [SkipLocalsInit]
    public static void Compute(byte* weights, long rowBytes, int rows, int k, byte* x, long xStride, int tokens, float* y, long yStride)
    {
        const int Block = Int16Activations.BlockSize;
        var (whole, rest) = (k / Block, k % Block);
        ComputeBlocks(weights, rowBytes, rows, whole * Block, x, xStride, tokens, y, yStride, isAdded: false);
        if (rest == 0) return;
        var last = stackalloc byte[rows * TFormat.Bytes];
        LastSteps.Copy(weights + ((long)whole * TFormat.Bytes), rowBytes, rows, rest * TFormat.Bytes / Block, TFormat.Bytes, last);
        ComputeBlocks(last, TFormat.Bytes, rows, Block, x + ((long)whole * Int16Activations.BlockBytes), xStride, tokens, y, yStride, isAdded: true);
    }

    private static void ComputeBlocks(
        byte* weights, long rowBytes, int rows, int k, byte* x, long xStride, int tokens, float* y, long yStride, bool isAdded)
    {
        while (tokens > 0)
        {
            var count = tokens >= 4 ? 4 : tokens >= 2 ? 2 : 1;
            if (count == 4) Rows<Four>(weights, rowBytes, rows, k, x, xStride, y, yStride, isAdded);
            else if (count == 2) Rows<Two>(weights, rowBytes, rows, k, x, xStride, y, yStride, isAdded);
            else Rows<One>(weights, rowBytes, rows, k, x, xStride, y, yStride, isAdded);
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
    private static void Rows<TCount>(byte* weights, long rowBytes, int rows, int k, byte* x, long xStride, float* y, long yStride, bool isAdded)
        where TCount : struct, ICount
    {
        var memory = stackalloc byte[2 * ScaleBytes];
        var scales = (float*)(((nuint)memory + (ScaleBytes - 1)) & ~(nuint)(ScaleBytes - 1));
        for (var r = 0; r < rows; r++, weights += rowBytes)
        {
            Vector256<float> total0 = default, total1 = default, total2 = default, total3 = default;
            byte* w = weights, a = x;
            // Unpacking scales through memory has a long latency: those of the next block are unpacked before this one is used.
            TFormat.Scales(w, scales, scales + Groups);
            for (var left = k; left > 0; left -= Int16Activations.BlockSize, w += TFormat.Bytes, a += Int16Activations.BlockBytes)
            {
                for (var at = 0; at < TFormat.Bytes; at += 64) Memory.PrefetchFar(w + at);
                var next = Other(scales);
                TFormat.Scales(left > Int16Activations.BlockSize ? w + TFormat.Bytes : w, next, next + Groups);
                Vector256<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
                Part<TCount>(w, 0, scales, a, xStride, ref sum0, ref sum1, ref sum2, ref sum3);
                Part<TCount>(w, 1, scales, a, xStride, ref sum0, ref sum1, ref sum2, ref sum3);
                Part<TCount>(w, 2, scales, a, xStride, ref sum0, ref sum1, ref sum2, ref sum3);
                Part<TCount>(w, 3, scales, a, xStride, ref sum0, ref sum1, ref sum2, ref sum3);
                total0 = Add(total0, sum0, a, scales + Groups);
                if (TCount.Tokens > 1) total1 = Add(total1, sum1, a + xStride, scales + Groups);
                if (TCount.Tokens > 2) total2 = Add(total2, sum2, a + (2 * xStride), scales + Groups);
                if (TCount.Tokens > 3) total3 = Add(total3, sum3, a + (3 * xStride), scales + Groups);
                scales = next;
            }

            Put(total0, y + r, isAdded);
            if (TCount.Tokens > 1) Put(total1, y + r + yStride, isAdded);
            if (TCount.Tokens > 2) Put(total2, y + r + (2 * yStride), isAdded);
            if (TCount.Tokens > 3) Put(total3, y + r + (3 * yStride), isAdded);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Vector256<float> total, float* y, bool isAdded) => *y = isAdded ? *y + Vector256.Sum(total) : Vector256.Sum(total);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Part<TCount>(
        byte* block, int part, float* scales, byte* x, long xStride,
        ref Vector256<float> sum0, ref Vector256<float> sum1, ref Vector256<float> sum2, ref Vector256<float> sum3)
        where TCount : struct, ICount
    {
        TFormat.Unpack(block, part, out var a, out var b, out var c, out var d);
        sum0 = Multiply(a, b, c, d, part, block, scales, x, sum0);
        if (TCount.Tokens > 1) sum1 = Multiply(a, b, c, d, part, block, scales, x + xStride, sum1);
        if (TCount.Tokens > 2) sum2 = Multiply(a, b, c, d, part, block, scales, x + (2 * xStride), sum2);
        if (TCount.Tokens > 3) sum3 = Multiply(a, b, c, d, part, block, scales, x + (3 * xStride), sum3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Multiply(
        Vector256<short> a, Vector256<short> b, Vector256<short> c, Vector256<short> d, int part, byte* block, float* scales, byte* x, Vector256<float> sum)
    {
        var integers = (short*)x + (64 * part);
        var first = Avx2.MultiplyAddAdjacent(a, Vector256.Load(integers));
        var second = Avx2.MultiplyAddAdjacent(b, Vector256.Load(integers + 16));
        var third = Avx2.MultiplyAddAdjacent(c, Vector256.Load(integers + 32));
        var fourth = Avx2.MultiplyAddAdjacent(d, Vector256.Load(integers + 48));
        if (TFormat.Order == Int16Order.TwoBlocks)
        {
            var lanes = Vector256.Load((int*)(x + Int16Activations.LanesOffset) + (8 * part));
            float lower = TFormat.Scale(block, 2 * part, scales), upper = TFormat.Scale(block, (2 * part) + 1, scales);
            var scale = Vector256.Create(Vector128.Create(lower), Vector128.Create(upper));
            return Fma.MultiplyAdd(Avx.ConvertToVector256Single(first + second + (third + fourth) + lanes), scale, sum);
        }

        if (TFormat.GroupSize == 32) return Scaled(third + fourth, block, (2 * part) + 1, scales, Scaled(first + second, block, 2 * part, scales, sum));
        // Each half of a vector has one of two groups.
        sum = Scaled(first + second, scales + (4 * part), sum);
        return Scaled(third + fourth, scales + (4 * part) + 2, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Scaled(Vector256<int> products, float* scalesOfHalves, Vector256<float> sum)
    {
        var scales = Avx.PermuteVar(Vector256.Create(*(double*)scalesOfHalves).AsSingle(), Vector256.Create(0, 0, 0, 0, 1, 1, 1, 1));
        return Fma.MultiplyAdd(Avx.ConvertToVector256Single(products), scales, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Scaled(Vector256<int> products, byte* block, int group, float* scales, Vector256<float> sum) =>
        Fma.MultiplyAdd(Avx.ConvertToVector256Single(products), Vector256.Create(TFormat.Scale(block, group, scales)), sum);

    /// <summary>Adds a block's sum: integers times the activations' scale, and the offsets times the activations' sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Add(Vector256<float> total, Vector256<float> sum, byte* x, float* offsets)
    {
        total = Fma.MultiplyAdd(sum, Vector256.Create(*(float*)(x + Int16Activations.ScaleOffset)), total);
        if (!TFormat.HasOffsets) return total;
        if (TFormat.GroupSize == 32) return Fma.MultiplyAdd(Vector256.Load(offsets), Vector256.Load((float*)(x + Int16Activations.SumsOf32Offset)), total);
        var sums = (float*)(x + Int16Activations.SumsOf16Offset);
        total = Fma.MultiplyAdd(Vector256.Load(offsets), Vector256.Load(sums), total);
        return Fma.MultiplyAdd(Vector256.Load(offsets + 8), Vector256.Load(sums + 8), total);
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
