using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArchGen.Cpu.Kernels;
using ArchGen.Cpu.Kernels.Simd;
using ArchGen.Formats.Simd;

namespace ArchGen.Cpu.Steps;

/// <summary>The two products of attention on a block of keys, with rows padded to whole vectors.</summary>
internal static unsafe class AttentionBlocks
{
    /// <summary>
    /// scores[i, j] = query i times key j. Keys come in fours: where fewer are left, the scores after the last are those of the last again.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scores(float* queries, int queryStride, int queryCount, float* keys, int keyStride, int keyCount, float* scores, int scoreStride)
    {
        for (var j = 0; j < keyCount; j += 4)
        {
            var last = keyCount - 1;
            float* k0 = keys + (j * keyStride), k1 = keys + (Math.Min(j + 1, last) * keyStride);
            float* k2 = keys + (Math.Min(j + 2, last) * keyStride), k3 = keys + (Math.Min(j + 3, last) * keyStride);
            var i = 0;
            for (; i <= queryCount - 2; i += 2)
                ScoreTwoQueries(queries + (i * queryStride), queryStride, k0, k1, k2, k3, scores + (i * scoreStride) + j, scoreStride);
            for (; i < queryCount; i++) ScoreQuery(queries + (i * queryStride), queryStride, k0, k1, k2, k3, scores + (i * scoreStride) + j);
        }
    }

    /// <summary>The scores of two queries and four keys.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ScoreTwoQueries(float* p, int queryStride, float* k0, float* k1, float* k2, float* k3, float* scores, int scoreStride)
    {
        var q = p + queryStride;
        Vector<float> p0 = default, p1 = default, p2 = default, p3 = default, q0 = default, q1 = default, q2 = default, q3 = default;
        for (var c = 0; c < queryStride; c += Vector<float>.Count)
        {
            Vector<float> a = Vector.Load(p + c), b = Vector.Load(q + c);
            var key = Vector.Load(k0 + c);
            p0 = Vector.MultiplyAddEstimate(a, key, p0);
            q0 = Vector.MultiplyAddEstimate(b, key, q0);
            key = Vector.Load(k1 + c);
            p1 = Vector.MultiplyAddEstimate(a, key, p1);
            q1 = Vector.MultiplyAddEstimate(b, key, q1);
            key = Vector.Load(k2 + c);
            p2 = Vector.MultiplyAddEstimate(a, key, p2);
            q2 = Vector.MultiplyAddEstimate(b, key, q2);
            key = Vector.Load(k3 + c);
            p3 = Vector.MultiplyAddEstimate(a, key, p3);
            q3 = Vector.MultiplyAddEstimate(b, key, q3);
        }

        LaneSums.OfFour(LaneSums.Fold(p0), LaneSums.Fold(p1), LaneSums.Fold(p2), LaneSums.Fold(p3)).Store(scores);
        LaneSums.OfFour(LaneSums.Fold(q0), LaneSums.Fold(q1), LaneSums.Fold(q2), LaneSums.Fold(q3)).Store(scores + scoreStride);
    }

    /// <summary>The scores of one query and four keys.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ScoreQuery(float* query, int queryStride, float* k0, float* k1, float* k2, float* k3, float* scores)
    {
        Vector<float> p0 = default, p1 = default, p2 = default, p3 = default;
        for (var c = 0; c < queryStride; c += Vector<float>.Count)
        {
            var a = Vector.Load(query + c);
            p0 = Vector.MultiplyAddEstimate(a, Vector.Load(k0 + c), p0);
            p1 = Vector.MultiplyAddEstimate(a, Vector.Load(k1 + c), p1);
            p2 = Vector.MultiplyAddEstimate(a, Vector.Load(k2 + c), p2);
            p3 = Vector.MultiplyAddEstimate(a, Vector.Load(k3 + c), p3);
        }

        LaneSums.OfFour(LaneSums.Fold(p0), LaneSums.Fold(p1), LaneSums.Fold(p2), LaneSums.Fold(p3)).Store(scores);
    }

    /// <summary>transposed[c, j] = rows[j, c]. Strides are multiples of 8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* rows, int rowStride, int rowCount, float* transposed, int transposedStride)
    {
        var j = 0;
        if (Avx.IsSupported)
        {
            for (; j <= rowCount - 8; j += 8)
            {
                for (var c = 0; c < rowStride; c += 8)
                    Transpose8(rows + (j * rowStride) + c, rowStride, transposed + (c * transposedStride) + j, transposedStride);
            }
        }

        for (; j < rowCount; j++)
        {
            for (var c = 0; c < rowStride; c++) transposed[(c * transposedStride) + j] = rows[(j * rowStride) + c];
        }
    }

    private static void Transpose8(float* source, int sourceStride, float* target, int targetStride)
    {
        Vector256<float> a = Vector256.Load(source), b = Vector256.Load(source + sourceStride);
        Vector256<float> c = Vector256.Load(source + (2 * sourceStride)), d = Vector256.Load(source + (3 * sourceStride));
        Vector256<float> e = Vector256.Load(source + (4 * sourceStride)), f = Vector256.Load(source + (5 * sourceStride));
        Vector256<float> g = Vector256.Load(source + (6 * sourceStride)), h = Vector256.Load(source + (7 * sourceStride));
        // Pairs, then fours within each half, then the halves.
        (a, b) = (Avx.UnpackLow(a, b), Avx.UnpackHigh(a, b));
        (c, d) = (Avx.UnpackLow(c, d), Avx.UnpackHigh(c, d));
        (e, f) = (Avx.UnpackLow(e, f), Avx.UnpackHigh(e, f));
        (g, h) = (Avx.UnpackLow(g, h), Avx.UnpackHigh(g, h));
        (a, c) = (Avx.Shuffle(a, c, 0x44), Avx.Shuffle(a, c, 0xEE));
        (b, d) = (Avx.Shuffle(b, d, 0x44), Avx.Shuffle(b, d, 0xEE));
        (e, g) = (Avx.Shuffle(e, g, 0x44), Avx.Shuffle(e, g, 0xEE));
        (f, h) = (Avx.Shuffle(f, h, 0x44), Avx.Shuffle(f, h, 0xEE));
        Avx.Permute2x128(a, e, 0x20).Store(target);
        Avx.Permute2x128(c, g, 0x20).Store(target + targetStride);
        Avx.Permute2x128(b, f, 0x20).Store(target + (2 * targetStride));
        Avx.Permute2x128(d, h, 0x20).Store(target + (3 * targetStride));
        Avx.Permute2x128(a, e, 0x31).Store(target + (4 * targetStride));
        Avx.Permute2x128(c, g, 0x31).Store(target + (5 * targetStride));
        Avx.Permute2x128(b, f, 0x31).Store(target + (6 * targetStride));
        Avx.Permute2x128(d, h, 0x31).Store(target + (7 * targetStride));
    }

    /// <summary>The product <see cref="AddWeighted"/> for the vectors of a target.</summary>
    public static delegate*<float*, int, int, float*, int, int, float*, int, int, void> AddWeightedOf(CpuTarget target) => target.Vectors switch
    {
        VectorWidth.Avx512 => &AddWeighted<Simd512, Vector512<float>>,
        VectorWidth.Avx2 => &AddWeighted<Simd256, Vector256<float>>,
        _ => &AddWeighted<Simd128, Vector128<float>>,
    };

    /// <summary>
    /// sums[i] += sum over j of weights[i, j] * value j, for columns up to <paramref name="columns"/>, a multiple of 16. Queries come in fours:
    /// <paramref name="queryCount"/> is a multiple of 4.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddWeighted<TSimd, TVector>(
        float* weights, int weightStride, int queryCount, float* values, int valueStride, int valueCount, float* sums, int sumStride, int columns)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        var lanes = TSimd.Lanes;
        for (var query = 0; query < queryCount; query += 4, weights += 4 * weightStride, sums += 4 * sumStride)
        {
            var c = 0;
            for (; c <= columns - (2 * lanes); c += 2 * lanes)
                AddTwoVectors<TSimd, TVector>(weights, weightStride, values + c, valueStride, valueCount, sums + c, sumStride);
            for (; c < columns; c += lanes) AddVector<TSimd, TVector>(weights, weightStride, values + c, valueStride, valueCount, sums + c, sumStride);
        }
    }

    /// <summary>The same for four queries and the columns of two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTwoVectors<TSimd, TVector>(
        float* weights, int weightStride, float* values, int valueStride, int valueCount, float* sums, int sumStride)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        var lanes = TSimd.Lanes;
        float* w0 = weights, w1 = w0 + weightStride, w2 = w1 + weightStride, w3 = w2 + weightStride;
        float* s0 = sums, s1 = s0 + sumStride, s2 = s1 + sumStride, s3 = s2 + sumStride;
        TVector a0 = TSimd.Load(s0), a1 = TSimd.Load(s1), a2 = TSimd.Load(s2), a3 = TSimd.Load(s3);
        TVector b0 = TSimd.Load(s0 + lanes), b1 = TSimd.Load(s1 + lanes), b2 = TSimd.Load(s2 + lanes), b3 = TSimd.Load(s3 + lanes);
        for (var j = 0; j < valueCount; j++, values += valueStride)
        {
            TVector x = TSimd.Load(values), y = TSimd.Load(values + lanes);
            var w = TSimd.Broadcast(w0[j]);
            a0 = TSimd.MultiplyAdd(w, x, a0);
            b0 = TSimd.MultiplyAdd(w, y, b0);
            w = TSimd.Broadcast(w1[j]);
            a1 = TSimd.MultiplyAdd(w, x, a1);
            b1 = TSimd.MultiplyAdd(w, y, b1);
            w = TSimd.Broadcast(w2[j]);
            a2 = TSimd.MultiplyAdd(w, x, a2);
            b2 = TSimd.MultiplyAdd(w, y, b2);
            w = TSimd.Broadcast(w3[j]);
            a3 = TSimd.MultiplyAdd(w, x, a3);
            b3 = TSimd.MultiplyAdd(w, y, b3);
        }

        TSimd.Store(s0, a0);
        TSimd.Store(s1, a1);
        TSimd.Store(s2, a2);
        TSimd.Store(s3, a3);
        TSimd.Store(s0 + lanes, b0);
        TSimd.Store(s1 + lanes, b1);
        TSimd.Store(s2 + lanes, b2);
        TSimd.Store(s3 + lanes, b3);
    }

    /// <summary>The same for four queries and the columns of one vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddVector<TSimd, TVector>(
        float* weights, int weightStride, float* values, int valueStride, int valueCount, float* sums, int sumStride)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        float* w0 = weights, w1 = w0 + weightStride, w2 = w1 + weightStride, w3 = w2 + weightStride;
        float* s0 = sums, s1 = s0 + sumStride, s2 = s1 + sumStride, s3 = s2 + sumStride;
        TVector a0 = TSimd.Load(s0), a1 = TSimd.Load(s1), a2 = TSimd.Load(s2), a3 = TSimd.Load(s3);
        for (var j = 0; j < valueCount; j++, values += valueStride)
        {
            var x = TSimd.Load(values);
            a0 = TSimd.MultiplyAdd(TSimd.Broadcast(w0[j]), x, a0);
            a1 = TSimd.MultiplyAdd(TSimd.Broadcast(w1[j]), x, a1);
            a2 = TSimd.MultiplyAdd(TSimd.Broadcast(w2[j]), x, a2);
            a3 = TSimd.MultiplyAdd(TSimd.Broadcast(w3[j]), x, a3);
        }

        TSimd.Store(s0, a0);
        TSimd.Store(s1, a1);
        TSimd.Store(s2, a2);
        TSimd.Store(s3, a3);
    }
}
