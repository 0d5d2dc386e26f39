namespace ArchGen.Runtime.Sampling;

/// <summary>
/// DRY, "don't repeat yourself" (text-generation-webui, pull request 5677): a penalty on the tokens that would continue a repetition, which grows with its
/// length.
/// </summary>
internal sealed class DryPenalty(SamplerOptions options, DryBreakers breakers)
{
    // Beyond it a power of the base is too large for a float.
    private const float LogOfLargest = 88.7228391f;

    private int[] _matched = [];

    /// <param name="candidates">The tokens.</param>
    /// <param name="history">The tokens that were there before.</param>
    /// <param name="lengths">A workspace, clear before and after.</param>
    public void Apply(Candidates candidates, TokenHistory history, TokenNumbers lengths)
    {
        var window = options.DryWindow < 0 ? history.Count : Math.Min(options.DryWindow, history.Count);
        if (window <= options.DryAllowedLength) return;
        var limit = breakers.LengthSince(history, window);
        if (limit < options.DryAllowedLength) return;
        FindMatches(history, window, limit);

        // Where the last tokens stood before, the token that followed them would make the repetition longer.
        for (var back = 1; back < window; back++)
        {
            var length = _matched[back];
            if (length < options.DryAllowedLength) continue;
            var token = history.FromEnd(back - 1);
            if (lengths[token] < length + 1) lengths.Set(token, length + 1);
        }

        Penalize(candidates, lengths);
        lengths.Clear();
        candidates.IsSorted = false;
    }

    /// <summary>
    /// Sets for each place, counted back from the last token, how many tokens before and with it are the last tokens of all: the Z algorithm on the reversed
    /// tokens, in linear time.
    /// </summary>
    private void FindMatches(TokenHistory history, int window, int limit)
    {
        if (_matched.Length < window) _matched = new int[window + window / 2];
        var (left, right) = (0, 0); // the match that reaches furthest: places left to right, exclusive
        for (var place = 1; place < window; place++)
        {
            var length = place < right ? _matched[place - left] : 0;
            if (place < right && length < right - place)
            {
                _matched[place] = Math.Min(length, limit);
                continue;
            }

            var end = Math.Max(place, right);
            while (end < window && history.FromEnd(end) == history.FromEnd(end - place)) end++;
            _matched[place] = Math.Min(end - place, limit);
            if (end > place) (left, right) = (place, end);
        }
    }

    private void Penalize(Candidates candidates, TokenNumbers lengths)
    {
        var logits = candidates.Logits;
        if (candidates.IsWhole)
        {
            foreach (var token in lengths.Tokens) Subtract(ref logits[token], Penalty(token, lengths[token]));
            return;
        }

        for (var i = 0; i < logits.Length; i++) Subtract(ref logits[i], Penalty(candidates.Id(i), lengths[candidates.Id(i)]));
    }

    // A possible token stays possible.
    private static void Subtract(ref float logit, float penalty)
    {
        if (!float.IsNegativeInfinity(logit)) logit = Math.Clamp(logit - penalty, float.MinValue, float.MaxValue);
    }

    private float Penalty(int token, int lengthAndOne)
    {
        if (lengthAndOne == 0 || breakers.IsBreaker(token)) return 0;
        var largest = options.DryBase > 1.000001f ? (int)(LogOfLargest / Truncations.Log(options.DryBase)) : int.MaxValue;
        var exponent = Math.Min(lengthAndOne - 1 - options.DryAllowedLength, largest);
        return (float)Math.Clamp(options.DryMultiplier * Math.Pow(options.DryBase, exponent), float.MinValue, float.MaxValue);
    }
}
