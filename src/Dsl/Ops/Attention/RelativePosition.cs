namespace ArchGen.Eager;

/// <summary>Biases of attention scores that depend on the distance between query and key.</summary>
internal static class RelativePosition
{
    /// <summary>
    /// T5's bucket of a distance (arXiv:1910.10683, section 2.1, and its published code). Of the buckets of one direction the first half holds one distance
    /// each; the second half divides the distances up to <paramref name="maxDistance"/> evenly by their logarithm, and the last takes all beyond.
    /// A bidirectional bias gives keys after the query the second half of all buckets; a causal one puts them in bucket 0.
    /// </summary>
    public static int Bucket(int queryPosition, int keyPosition, int buckets, int maxDistance, bool bidirectional)
    {
        var distance = queryPosition - keyPosition;
        var first = 0;
        if (bidirectional)
        {
            buckets /= 2;
            if (distance < 0) first = buckets;
            distance = Math.Abs(distance);
        }

        distance = Math.Max(distance, 0);
        var exact = buckets / 2;
        if (distance < exact) return first + distance;
        var share = Math.Log((double)distance / exact) / Math.Log((double)maxDistance / exact);
        // Where the share is a whole number of buckets, rounding must not drop it into the bucket before.
        return first + Math.Min(exact + (int)Math.Floor((share * (buckets - exact)) + 1e-9), buckets - 1);
    }

    /// <summary>
    /// ALiBi's slope of a head (arXiv:2108.12409, section 3, and its published code): with n the largest power of two that is at most the number of heads,
    /// <c>2^(-maxBias (h+1) / n)</c> for the first n heads and, between those, <c>2^(-maxBias (2(h-n)+1) / (2n))</c> for the rest. The paper's maxBias is 8.
    /// </summary>
    public static double AlibiSlope(int head, int heads, double maxBias)
    {
        var n = 1;
        while (n * 2 <= heads) n *= 2;
        return head < n ? Math.Pow(2, -maxBias * (head + 1) / n) : Math.Pow(2, -maxBias * ((2 * (head - n)) + 1) / (2 * n));
    }
}
