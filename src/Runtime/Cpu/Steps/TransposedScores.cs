using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Cpu.Kernels;
using ArchGen.Cpu.Kernels.Simd;
using ArchGen.Formats.Simd;

namespace ArchGen.Cpu.Steps;

/// <summary>
/// The scores of many queries from transposed keys, with the bits of <see cref="AttentionBlocks.Scores"/>: each lane of its sums is summed separately, and the
/// lanes are added in the same order.
/// </summary>
internal static unsafe class TransposedScores
{
    // 16 lanes in pairs of pairs, and the vectors of four queries.
    private const int Levels = 4, MaxVectors = 8;

    /// <summary>The product for the vectors of a target.</summary>
    public static delegate*<float*, int, int, float*, int, int, float*, void> Of(CpuTarget target) => target.Vectors switch
    {
        VectorWidth.Avx512 => &Compute<Simd512, Vector512<float>>,
        VectorWidth.Avx2 => &Compute<Simd256, Vector256<float>>,
        _ => &Compute<Simd128, Vector128<float>>,
    };

    /// <summary>
    /// scores[i, j] = query i times column j of the keys, for <paramref name="columns"/>, a multiple of 16; scores have the stride of the keys. Queries come in
    /// fours: <paramref name="queryCount"/> is a multiple of 4.
    /// </summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compute<TSimd, TVector>(float* queries, int queryStride, int queryCount, float* keys, int stride, int columns, float* scores)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        var lanes = TSimd.Lanes;
        var pending = stackalloc float[Levels * MaxVectors * TSimd.Lanes];
        for (var query = 0; query < queryCount; query += 4, queries += 4 * queryStride, scores += 4 * stride)
        {
            var c = 0;
            for (; c <= columns - (2 * lanes); c += 2 * lanes) Add<TSimd, TVector, TwoVectors>(queries, queryStride, keys + c, stride, scores + c, pending);
            for (; c < columns; c += lanes) Add<TSimd, TVector, OneVector>(queries, queryStride, keys + c, stride, scores + c, pending);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TSimd, TVector, TWidth>(float* queries, int queryStride, float* keys, int stride, float* scores, float* pending)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TWidth : struct, IWidth
    {
        var lanes = TSimd.Lanes;
        float* q0 = queries, q1 = q0 + queryStride, q2 = q1 + queryStride, q3 = q2 + queryStride;
        for (var n = 0; n < Vector<float>.Count; n++)
        {
            TVector a0 = TSimd.Broadcast(0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
            for (var i = LaneSums.PairwiseOrder(n, Vector<float>.Count); i < queryStride; i += Vector<float>.Count)
            {
                var key = keys + (i * stride);
                var x = TSimd.Load(key);
                var y = TWidth.HasSecond ? TSimd.Load(key + lanes) : x;
                MultiplyAdd<TSimd, TVector, TWidth>(q0[i], x, y, ref a0, ref b0);
                MultiplyAdd<TSimd, TVector, TWidth>(q1[i], x, y, ref a1, ref b1);
                MultiplyAdd<TSimd, TVector, TWidth>(q2[i], x, y, ref a2, ref b2);
                MultiplyAdd<TSimd, TVector, TWidth>(q3[i], x, y, ref a3, ref b3);
            }

            // As many sums are pending as bits are set in n: each is of a power of two of lanes.
            var level = pending;
            for (var m = n; (m & 1) == 1; m >>= 1, level += MaxVectors * lanes)
            {
                Merge<TSimd, TVector, TWidth>(level, ref a0, ref b0);
                Merge<TSimd, TVector, TWidth>(level + (2 * lanes), ref a1, ref b1);
                Merge<TSimd, TVector, TWidth>(level + (4 * lanes), ref a2, ref b2);
                Merge<TSimd, TVector, TWidth>(level + (6 * lanes), ref a3, ref b3);
            }

            var isLast = n == Vector<float>.Count - 1;
            var target = isLast ? scores : level;
            var distance = isLast ? stride : 2 * lanes;
            Store<TSimd, TVector, TWidth>(target, a0, b0);
            Store<TSimd, TVector, TWidth>(target + distance, a1, b1);
            Store<TSimd, TVector, TWidth>(target + (2 * distance), a2, b2);
            Store<TSimd, TVector, TWidth>(target + (3 * distance), a3, b3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyAdd<TSimd, TVector, TWidth>(float query, TVector x, TVector y, ref TVector first, ref TVector second)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TWidth : struct, IWidth
    {
        var q = TSimd.Broadcast(query);
        first = TSimd.MultiplyAdd(q, x, first);
        if (TWidth.HasSecond) second = TSimd.MultiplyAdd(q, y, second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Merge<TSimd, TVector, TWidth>(float* pending, ref TVector first, ref TVector second)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TWidth : struct, IWidth
    {
        first = TSimd.Add(TSimd.Load(pending), first);
        if (TWidth.HasSecond) second = TSimd.Add(TSimd.Load(pending + TSimd.Lanes), second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TSimd, TVector, TWidth>(float* target, TVector first, TVector second)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TWidth : struct, IWidth
    {
        TSimd.Store(target, first);
        if (TWidth.HasSecond) TSimd.Store(target + TSimd.Lanes, second);
    }

    /// <summary>The vectors of columns that are computed together.</summary>
    private interface IWidth
    {
        static abstract bool HasSecond { get; }
    }

    private readonly struct OneVector : IWidth
    {
        public static bool HasSecond => false;
    }

    private readonly struct TwoVectors : IWidth
    {
        public static bool HasSecond => true;
    }
}
