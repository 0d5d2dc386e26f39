using ArchGen.Eager;
using ArchGen.Runtime.Elementwise;

namespace ArchGen.Cpu.Steps;

/// <summary>The operations on the scores of attention before the softmax.</summary>
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
    /// <param name="sinks">An extra logit per head in the softmax, without a value, as in gpt-oss; may be null.</param>
    public AttentionScores(Attributes attributes, int heads, float* buckets, int bucketCount, float* sinks)
    {
        Factor = attributes.Single(Attr.Factor);
        Sinks = sinks;
        _softcap = attributes.Single(Attr.Softcap);
        var maxBias = attributes.Single(Attr.AlibiMaxBias);
        if (maxBias > 0) _slopes = [.. Enumerable.Range(0, heads).Select(head => (float)RelativePosition.AlibiSlope(head, heads, maxBias))];
        if (buckets is null) return;
        _maxDistance = (int)(attributes.Find(Attr.BucketsMaxDistance) ?? 128);
        var isBidirectional = attributes.Int32(Attr.Mask) == (int)AttentionMask.Bidirectional;
        _distanceBias = new float[heads][];
        for (var head = 0; head < heads; head++)
        {
            _distanceBias[head] = new float[(2 * _maxDistance) + 1];
            for (var d = -_maxDistance; d <= _maxDistance; d++)
            {
                var bucket = RelativePosition.Bucket(0, d, bucketCount, _maxDistance, isBidirectional);
                _distanceBias[head][d + _maxDistance] = buckets[((long)bucket * heads) + head];
            }
        }
    }

    /// <summary>The factor of each product of query and key.</summary>
    public float Factor { get; }

    /// <summary>An extra logit per head, or null.</summary>
    public float* Sinks { get; }

    /// <summary>Converts the scaled products of one query with consecutive keys into logits.</summary>
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

    private readonly struct Softcapped(float cap) : IUnary
    {
        public T Apply<T>(T x) where T : struct, IMath<T> => Functions.Tanh(x / cap) * cap;
    }
}
