namespace ArchGen.Runtime.Sampling;

/// <summary>The steps that remove unlikely tokens.</summary>
internal static class Truncations
{
    // Top-p sorts this many of a longer list first, since they are nearly always enough.
    private const int FirstSorted = 256;
    private const int ShortList = 1024;

    /// <summary>Top-k.</summary>
    public static void TopK(Candidates candidates, int count)
    {
        if (count > 0) candidates.KeepLikeliest(count);
    }

    /// <summary>Top-p: the likeliest tokens until their probabilities reach a sum.</summary>
    public static void TopP(Candidates candidates, float probability, int minKeep)
    {
        if (probability >= 1) return;
        candidates.ComputeProbabilities();
        if (candidates.IsSorted || candidates.Count <= ShortList)
        {
            candidates.Sort(withProbabilities: true);
            candidates.Truncate(CountUpTo(candidates, [], probability, minKeep) ?? candidates.Count);
            return;
        }

        var keys = candidates.FindLikeliest(FirstSorted);
        var count = CountUpTo(candidates, keys, probability, minKeep);
        if (count is null)
        {
            keys = candidates.FindLikeliest(candidates.Count);
            count = CountUpTo(candidates, keys, probability, minKeep) ?? candidates.Count;
        }

        candidates.Arrange(keys[..count.Value], withProbabilities: true);
        candidates.IsSorted = true;
    }

    /// <summary>Min-p: the tokens at least some fraction as likely as the likeliest.</summary>
    public static void MinP(Candidates candidates, float fraction, int minKeep)
    {
        if (fraction <= 0) return;
        var lowest = candidates.Highest() + (float)Math.Log(fraction);
        if (!candidates.IsSorted && candidates.KeepAtLeast(lowest, minKeep)) return;
        candidates.Sort();
        var kept = 1;
        while (kept < candidates.Count && (candidates.Logits[kept] >= lowest || kept < minKeep)) kept++;
        candidates.Truncate(kept);
    }

    /// <summary>Locally typical sampling: the tokens whose information is closest to the entropy, until their probabilities exceed a sum.</summary>
    public static void Typical(Candidates candidates, float probability, int minKeep, ref ulong[] order)
    {
        if (probability >= 1) return;
        candidates.Sort();
        candidates.ComputeProbabilities();
        var entropy = Entropy(candidates.Probabilities);
        if (order.Length < candidates.Count) order = new ulong[Math.Max(ShortList, 2 * candidates.Count)];
        var keys = order.AsSpan(0, candidates.Count);
        for (var i = 0; i < keys.Length; i++)
        {
            var p = candidates.Probabilities[i];
            var distance = p > 0 ? MathF.Abs(-Log(p) - entropy) : float.PositiveInfinity;
            keys[i] = ((ulong)BitConverter.SingleToUInt32Bits(distance) << 32) | (uint)i;
        }

        keys.Sort();
        var (sum, kept) = (0f, 0);
        while (kept < keys.Length)
        {
            sum += candidates.Probabilities[Candidates.IndexOf(keys[kept++])];
            if (sum > probability && kept >= minKeep) break;
        }

        candidates.Arrange(keys[..kept], withProbabilities: true);
        candidates.IsSorted = false;
    }

    /// <summary>Top-n-sigma: the logits of at most some standard deviations below the highest. The others stay, and become impossible.</summary>
    public static void TopNSigma(Candidates candidates, float sigmas)
    {
        if (sigmas <= 0 || candidates.Count <= 1) return;
        var logits = candidates.Logits;
        var (highest, sum, possible) = (logits[0], 0f, 0);
        foreach (var logit in logits)
        {
            if (float.IsNegativeInfinity(logit)) continue;
            highest = MathF.Max(highest, logit);
            sum += logit;
            possible++;
        }

        var mean = possible > 0 ? sum / possible : 0;
        var squares = 0f;
        foreach (var logit in logits)
        {
            if (float.IsNegativeInfinity(logit)) continue;
            var difference = (double)(logit - mean);
            squares = (float)(squares + difference * difference);
        }

        var deviation = possible > 0 ? MathF.Sqrt(squares / possible) : 0;
        var lowest = highest - sigmas * deviation;
        foreach (ref var logit in logits)
        {
            if (logit < lowest) logit = float.NegativeInfinity;
        }
    }

    /// <summary>XTC: with some probability, removes the tokens above a threshold, all but the least likely of them.</summary>
    public static void Xtc(Candidates candidates, SamplerOptions options, MersenneTwister random)
    {
        if (options.XtcProbability <= 0 || options.XtcThreshold > 0.5f || candidates.Count < 2 || random.NextSingle() > options.XtcProbability) return;
        candidates.Sort();
        candidates.ComputeProbabilities();
        var last = 0;
        for (var i = 0; i < candidates.Count && IsTop(candidates.Probabilities[i], options.XtcThreshold); i++) last = i;
        if (last > 0 && candidates.Count - last >= options.MinKeep) candidates.RemoveFirst(last);
    }

    /// <summary>The entropy of probabilities, in nats.</summary>
    public static float Entropy(ReadOnlySpan<float> probabilities)
    {
        var entropy = 0f;
        foreach (var p in probabilities)
        {
            if (p > 0) entropy -= p * Log(p);
        }

        return entropy;
    }

    /// <summary>The natural logarithm, rounded to a float.</summary>
    public static float Log(float value) => (float)Math.Log(value);

    // An impossible token is none, whatever the threshold.
    private static bool IsTop(float probability, float threshold) => probability >= threshold && probability > 0;

    // Null if the tokens do not suffice.
    private static int? CountUpTo(Candidates candidates, ReadOnlySpan<ulong> keys, float probability, int minKeep)
    {
        var (sum, limit) = (0f, keys.IsEmpty ? candidates.Count : keys.Length);
        for (var i = 0; i < limit; i++)
        {
            sum += candidates.Probabilities[keys.IsEmpty ? i : Candidates.IndexOf(keys[i])];
            if (sum >= probability && i + 1 >= minKeep) return i + 1;
        }

        return null;
    }
}
