using System.Numerics;
using System.Runtime.CompilerServices;

namespace ArchGen.Cpu.Ops;

/// <summary>The two products of attention on a block of keys, with rows padded to whole vectors.</summary>
internal static unsafe class AttentionBlocks
{
    /// <summary>scores[i, j] = query i times key j.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scores(float* queries, int queryStride, int queryCount, float* keys, int keyStride, int keyCount, float* scores, int scoreStride)
    {
        var j = 0;
        for (; j <= keyCount - 4; j += 4)
        {
            float* k0 = keys + (j * keyStride), k1 = k0 + keyStride, k2 = k1 + keyStride, k3 = k2 + keyStride;
            var i = 0;
            for (; i <= queryCount - 2; i += 2)
            {
                float* p = queries + (i * queryStride), q = p + queryStride;
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

                var first = scores + (i * scoreStride) + j;
                var second = first + scoreStride;
                (first[0], first[1], first[2], first[3]) = (Vector.Sum(p0), Vector.Sum(p1), Vector.Sum(p2), Vector.Sum(p3));
                (second[0], second[1], second[2], second[3]) = (Vector.Sum(q0), Vector.Sum(q1), Vector.Sum(q2), Vector.Sum(q3));
            }

            for (; i < queryCount; i++)
            {
                var p = queries + (i * queryStride);
                Vector<float> p0 = default, p1 = default, p2 = default, p3 = default;
                for (var c = 0; c < queryStride; c += Vector<float>.Count)
                {
                    var a = Vector.Load(p + c);
                    p0 = Vector.MultiplyAddEstimate(a, Vector.Load(k0 + c), p0);
                    p1 = Vector.MultiplyAddEstimate(a, Vector.Load(k1 + c), p1);
                    p2 = Vector.MultiplyAddEstimate(a, Vector.Load(k2 + c), p2);
                    p3 = Vector.MultiplyAddEstimate(a, Vector.Load(k3 + c), p3);
                }

                var row = scores + (i * scoreStride) + j;
                (row[0], row[1], row[2], row[3]) = (Vector.Sum(p0), Vector.Sum(p1), Vector.Sum(p2), Vector.Sum(p3));
            }
        }

        for (; j < keyCount; j++)
        {
            for (var i = 0; i < queryCount; i++)
                scores[(i * scoreStride) + j] = Reductions.Dot(queries + (i * queryStride), keys + (j * keyStride), queryStride);
        }
    }

    /// <summary>sums[i] += sum over j of weights[i, j] * value j. Rows of sums are of <paramref name="sumStride"/> elements, a multiple of 32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddWeighted(float* weights, int weightStride, int queryCount, float* values, int valueStride, int valueCount, float* sums, int sumStride)
    {
        var lanes = Vector<float>.Count;
        for (var c = 0; c < sumStride; c += 4 * lanes)
        {
            // Vectors of 512 bits cover more than a row's padding only where the row has no further elements.
            if (c + (4 * lanes) > sumStride)
            {
                for (var i = 0; i < queryCount; i++)
                {
                    for (var j = 0; j < valueCount; j++)
                        Reductions.AddScaled(sums + (i * sumStride) + c, weights[(i * weightStride) + j], values + (j * valueStride) + c, sumStride - c);
                }

                return;
            }

            var query = 0;
            for (; query <= queryCount - 2; query += 2)
            {
                float* first = sums + (query * sumStride) + c, second = first + sumStride;
                float* firstWeights = weights + (query * weightStride), secondWeights = firstWeights + weightStride;
                Vector<float> a0 = Vector.Load(first), a1 = Vector.Load(first + lanes), a2 = Vector.Load(first + (2 * lanes)), a3 = Vector.Load(first + (3 * lanes));
                Vector<float> b0 = Vector.Load(second), b1 = Vector.Load(second + lanes), b2 = Vector.Load(second + (2 * lanes)), b3 = Vector.Load(second + (3 * lanes));
                var value = values + c;
                for (var j = 0; j < valueCount; j++, value += valueStride)
                {
                    Vector<float> u = new(firstWeights[j]), w = new(secondWeights[j]);
                    var x = Vector.Load(value);
                    a0 = Vector.MultiplyAddEstimate(u, x, a0);
                    b0 = Vector.MultiplyAddEstimate(w, x, b0);
                    x = Vector.Load(value + lanes);
                    a1 = Vector.MultiplyAddEstimate(u, x, a1);
                    b1 = Vector.MultiplyAddEstimate(w, x, b1);
                    x = Vector.Load(value + (2 * lanes));
                    a2 = Vector.MultiplyAddEstimate(u, x, a2);
                    b2 = Vector.MultiplyAddEstimate(w, x, b2);
                    x = Vector.Load(value + (3 * lanes));
                    a3 = Vector.MultiplyAddEstimate(u, x, a3);
                    b3 = Vector.MultiplyAddEstimate(w, x, b3);
                }

                a0.Store(first);
                a1.Store(first + lanes);
                a2.Store(first + (2 * lanes));
                a3.Store(first + (3 * lanes));
                b0.Store(second);
                b1.Store(second + lanes);
                b2.Store(second + (2 * lanes));
                b3.Store(second + (3 * lanes));
            }

            for (; query < queryCount; query++)
            {
                var first = sums + (query * sumStride) + c;
                Vector<float> a0 = Vector.Load(first), a1 = Vector.Load(first + lanes), a2 = Vector.Load(first + (2 * lanes)), a3 = Vector.Load(first + (3 * lanes));
                var value = values + c;
                for (var j = 0; j < valueCount; j++, value += valueStride)
                {
                    Vector<float> u = new(weights[(query * weightStride) + j]);
                    a0 = Vector.MultiplyAddEstimate(u, Vector.Load(value), a0);
                    a1 = Vector.MultiplyAddEstimate(u, Vector.Load(value + lanes), a1);
                    a2 = Vector.MultiplyAddEstimate(u, Vector.Load(value + (2 * lanes)), a2);
                    a3 = Vector.MultiplyAddEstimate(u, Vector.Load(value + (3 * lanes)), a3);
                }

                a0.Store(first);
                a1.Store(first + lanes);
                a2.Store(first + (2 * lanes));
                a3.Store(first + (3 * lanes));
            }
        }
    }
}
