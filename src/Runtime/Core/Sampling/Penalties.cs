namespace ArchGen.Runtime.Sampling;

/// <summary>The penalties of tokens that occurred: repetition, frequency and presence.</summary>
internal static class Penalties
{
    /// <param name="candidates">The tokens.</param>
    /// <param name="history">The tokens that were there before.</param>
    /// <param name="options">The penalties and their window.</param>
    /// <param name="counts">A workspace, clear before and after.</param>
    public static void Apply(Candidates candidates, TokenHistory history, SamplerOptions options, TokenNumbers counts)
    {
        var window = options.RepetitionWindow < 0 ? history.Count : Math.Min(options.RepetitionWindow, history.Count);
        for (var i = 0; i < window; i++)
        {
            var token = history.FromEnd(i);
            counts.Set(token, counts[token] + 1);
        }

        var logits = candidates.Logits;
        if (candidates.IsWhole)
        {
            foreach (var token in counts.Tokens) Penalize(ref logits[token], counts[token], options);
        }
        else
        {
            for (var i = 0; i < logits.Length; i++)
            {
                if (counts[candidates.Id(i)] is > 0 and var count) Penalize(ref logits[i], count, options);
            }
        }

        counts.Clear();
        candidates.IsSorted = false;
    }

    // An impossible token stays impossible, and a possible one possible, however large the penalty.
    private static void Penalize(ref float logit, int count, SamplerOptions options)
    {
        if (float.IsNegativeInfinity(logit)) return;
        logit = logit <= 0 ? logit * options.RepetitionPenalty : logit / options.RepetitionPenalty;
        logit = Math.Clamp(logit - (count * options.FrequencyPenalty + options.PresencePenalty), float.MinValue, float.MaxValue);
    }
}
