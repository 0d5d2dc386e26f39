using System.Numerics;

namespace ArchGen.Runtime.Sampling;

/// <summary>
/// Finds the highest of many logits. A logit is one number with its place: the logit in the upper half, mapped so that smaller numbers are likelier, the
/// place in the lower, so that sorting numbers sorts by likelihood and equals by place.
/// </summary>
internal static class LikeliestKeys
{
    /// <summary>Writes the numbers of as many of the highest logits as there are places for, in their order, and returns them.</summary>
    public static ReadOnlySpan<ulong> Find(ReadOnlySpan<float> logits, Span<ulong> keys)
    {
        for (var i = 0; i < keys.Length; i++) keys[i] = Key(logits[i], i);
        if (keys.Length > 0 && keys.Length < logits.Length) Improve(logits, keys);
        keys.Sort();
        return keys;
    }

    /// <summary>Finds the best by a heap whose root is the worst of them: a comparison of vectors rejects most logits.</summary>
    private static void Improve(ReadOnlySpan<float> logits, Span<ulong> keys)
    {
        for (var i = keys.Length / 2 - 1; i >= 0; i--) Sink(keys, i, keys[i]);
        var worst = Logit(keys[0]);
        var next = keys.Length;
        var width = Vector<float>.Count;
        for (; next <= logits.Length - 4 * width; next += 4 * width)
        {
            var some = logits.Slice(next, 4 * width);
            var highest = Vector.Max(
                Vector.Max(new Vector<float>(some), new Vector<float>(some[width..])),
                Vector.Max(new Vector<float>(some[(2 * width)..]), new Vector<float>(some[(3 * width)..])));
            if (!Vector.GreaterThanAny(highest, new Vector<float>(worst))) continue;
            for (var i = 0; i < some.Length; i++) Offer(some[i], next + i, keys, ref worst);
        }

        for (; next < logits.Length; next++) Offer(logits[next], next, keys, ref worst);
    }

    private static void Offer(float logit, int index, Span<ulong> keys, ref float worst)
    {
        if (!(logit > worst)) return;
        Sink(keys, 0, Key(logit, index));
        worst = Logit(keys[0]);
    }

    private static void Sink(Span<ulong> keys, int hole, ulong key)
    {
        for (var child = 2 * hole + 1; child < keys.Length; child = 2 * hole + 1)
        {
            if (child + 1 < keys.Length && keys[child + 1] > keys[child]) child++;
            if (key >= keys[child]) break;
            keys[hole] = keys[child];
            hole = child;
        }

        keys[hole] = key;
    }

    // The bits of a float sort like an integer once negative numbers are inverted; zero is added to make -0 equal to 0.
    private static ulong Key(float logit, int index)
    {
        var bits = BitConverter.SingleToUInt32Bits(logit + 0f);
        var descending = (bits & 0x8000_0000) != 0 ? bits : ~(bits | 0x8000_0000);
        return ((ulong)descending << 32) | (uint)index;
    }

    private static float Logit(ulong key)
    {
        var descending = (uint)(key >> 32);
        return BitConverter.UInt32BitsToSingle((descending & 0x8000_0000) != 0 ? descending : ~descending & 0x7FFF_FFFF);
    }
}
