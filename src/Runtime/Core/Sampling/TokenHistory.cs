namespace ArchGen.Runtime.Sampling;

/// <summary>Counts the tokens of a window, and lowers the logits of those that occurred.</summary>
/// <param name="window">The number of last tokens that count; 0 for none, -1 for all.</param>
internal sealed class TokenHistory(int vocabularySize, int window)
{
    private readonly int[] _counts = window == 0 ? [] : new int[vocabularySize];
    private readonly int[] _occurring = window == 0 ? [] : new int[vocabularySize]; // tokens whose count is not zero, in no order
    private readonly int[] _recent = new int[Math.Max(0, window)];
    private int _kinds;
    private long _total;

    public void Add(int token)
    {
        if (window == 0) return;
        if (window > 0)
        {
            ref var oldest = ref _recent[_total % window];
            if (_total >= window) Remove(oldest);
            oldest = token;
        }

        if (_counts[token]++ == 0) _occurring[_kinds++] = token;
        _total++;
    }

    public void Penalize(Span<float> logits, SamplerOptions options)
    {
        foreach (var token in _occurring.AsSpan(0, _kinds))
        {
            ref var logit = ref logits[token];
            logit = logit <= 0 ? logit * options.RepetitionPenalty : logit / options.RepetitionPenalty;
            logit -= _counts[token] * options.FrequencyPenalty + options.PresencePenalty;
        }
    }

    private void Remove(int token)
    {
        if (--_counts[token] > 0) return;
        var place = _occurring.AsSpan(0, _kinds).IndexOf(token);
        _occurring[place] = _occurring[--_kinds];
    }
}
