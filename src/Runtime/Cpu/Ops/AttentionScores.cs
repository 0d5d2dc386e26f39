using System.Numerics;

namespace ArchGen.Cpu.Ops;

/// <summary>What is done with the scores of attention before the softmax.</summary>
internal sealed unsafe class AttentionScores
{
    private readonly float _softcap;
    private readonly float[]? _slopes;
    private readonly float[][]? _distanceBias;
    private readonly int _maxDistance;

    /// <summary>Scores from a node's numbers.</summary>
    /// <param name="attributes">The numbers of the attention node.</param>
    /// <param name="heads">The number of query heads.</param>
    /// <param name="buckets">T5's bias per bucket of distances and head, [buckets, heads]; may be null.</param>
    /// <param name="bucketCount">The number of buckets.</param>
    /// <param name="sinks">An extra logit per head that takes weight and has no value, as in gpt-oss; may be null.</param>
    public AttentionScores(Attributes attributes, int heads, float* buckets, int bucketCount, float* sinks)
    {
        Factor = attributes.Single(Attr.Factor);
        Sinks = sinks;
        _softcap = attributes.Single(Attr.Softcap);
        var maxBias = attributes.Single(Attr.AlibiMaxBias);
        if (maxBias > 0) _slopes = [.. Enumerable.Range(0, heads).Select(head => AlibiSlope(head, heads, maxBias))];
        if (buckets is null) return;
        _maxDistance = (int)(attributes.Find(Attr.BucketsMaxDistance) ?? 128);
        var isBidirectional = attributes.Int32(Attr.Mask) == (int)AttentionMask.Bidirectional;
        _distanceBias = new float[heads][];
        for (var head = 0; head < heads; head++)
        {
            _distanceBias[head] = new float[(2 * _maxDistance) + 1];
            for (var d = -_maxDistance; d <= _maxDistance; d++)
                _distanceBias[head][d + _maxDistance] = buckets[((long)Bucket(d, bucketCount, _maxDistance, isBidirectional) * heads) + head];
        }
    }

    /// <summary>The factor of each product of query and key.</summary>
    public float Factor { get; }

    /// <summary>An extra logit per head, or null.</summary>
    public float* Sinks { get; }

    /// <summary>Turns the scaled products of one query with consecutive keys into logits.</summary>
    public void Apply(float* scores, int count, int head, int position, int* keyPositions)
    {
        if (_softcap > 0) Elementwise.Map(new Softcapped(_softcap), scores, scores, count);
        if (_distanceBias is not null)
        {
            var bias = _distanceBias[head];
            for (var j = 0; j < count; j++) scores[j] += bias[Math.Clamp(keyPositions[j] - position, -_maxDistance, _maxDistance) + _maxDistance];
        }

        if (_slopes is not null)
        {
            for (var j = 0; j < count; j++) scores[j] -= _slopes[head] * Math.Abs(position - keyPositions[j]);
        }
    }

    /// <summary>The slope of a head in ALiBi (arXiv:2108.12409): a geometric series; beyond a power of two heads, the odd terms of the next.</summary>
    private static float AlibiSlope(int head, int heads, float maxBias)
    {
        var power = 1 << BitOperations.Log2((uint)heads);
        return head < power
            ? (float)Math.Pow(2, -(double)maxBias / power * (head + 1))
            : (float)Math.Pow(2, -(double)maxBias / 2 / power * ((2 * (head - power)) + 1));
    }

    /// <summary>The bucket of a distance, position of the key less that of the query: exact when near, logarithmic beyond (T5, arXiv:1910.10683).</summary>
    private static int Bucket(int distance, int buckets, int maxDistance, bool isBidirectional)
    {
        var offset = 0;
        if (isBidirectional)
        {
            buckets /= 2;
            if (distance > 0) offset = buckets;
            distance = Math.Abs(distance);
        }
        else
        {
            distance = -Math.Min(distance, 0);
        }

        var exact = buckets / 2;
        if (distance < exact) return offset + distance;
        // Rounded to float before it is floored: a distance at the edge of a bucket belongs to the upper one.
        var bucket = (float)(exact + (Math.Log((double)distance / exact) / Math.Log((double)maxDistance / exact) * (buckets - exact)));
        return offset + Math.Min((int)bucket, buckets - 1);
    }

    private readonly struct Softcapped(float cap) : IUnary
    {
        public Vector<float> Apply(Vector<float> x) => VectorMath.Tanh(x / cap) * cap;
    }
}
