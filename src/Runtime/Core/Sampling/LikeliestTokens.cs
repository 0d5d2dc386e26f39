namespace ArchGen.Runtime.Sampling;

/// <summary>The probabilities that are reported beside a token.</summary>
internal sealed class LikeliestTokens(int count)
{
    private readonly TokenProbability[] _likeliest = new TokenProbability[count];
    private readonly ulong[] _keys = new ulong[count];
    private float[] _weights = [];
    private double _logSum;
    private float _highest;
    private int _count;

    /// <summary>The likeliest tokens, the likeliest first.</summary>
    public ReadOnlySpan<TokenProbability> Tokens => _likeliest.AsSpan(0, _count);

    /// <summary>The probability of the token that was chosen.</summary>
    public TokenProbability Chosen { get; private set; }

    /// <summary>Lists the tokens by a model's logits.</summary>
    public void List(ReadOnlySpan<float> logits)
    {
        if (_weights.Length < logits.Length) _weights = new float[logits.Length];
        var weights = _weights.AsSpan(0, logits.Length);
        _highest = logits[Candidates.IndexOfHighest(logits)];
        Exponential.OfDifferences(logits, _highest, weights);
        var sum = 0.0;
        foreach (var weight in weights) sum += weight;
        _logSum = Math.Log(sum);
        _count = 0;
        foreach (var key in LikeliestKeys.Find(logits, _keys.AsSpan(0, Math.Min(count, logits.Length))))
        {
            var token = Candidates.IndexOf(key);
            if (!float.IsNegativeInfinity(logits[token])) _likeliest[_count++] = new(token, LogOf(logits[token]));
        }
    }

    /// <summary>Takes note of the token that was chosen, after <see cref="List(ReadOnlySpan{float})"/>.</summary>
    public void Choose(int token, float logit) => Chosen = new(token, LogOf(logit));

    /// <summary>Lists the tokens by the probabilities of a draw, and the one that was chosen.</summary>
    public void List(Candidates candidates, int chosen)
    {
        _count = 0;
        var probabilities = candidates.Probabilities;
        foreach (var key in LikeliestKeys.Find(probabilities, _keys.AsSpan(0, Math.Min(count, probabilities.Length))))
        {
            var index = Candidates.IndexOf(key);
            if (probabilities[index] > 0) _likeliest[_count++] = new(candidates.Id(index), Truncations.Log(probabilities[index]));
        }

        Chosen = new(candidates.Id(chosen), Truncations.Log(probabilities[chosen]));
    }

    /// <summary>Lists a token that was certain.</summary>
    public void ListOnly(int token)
    {
        Chosen = new(token, 0);
        _count = Math.Min(1, count);
        if (_count > 0) _likeliest[0] = Chosen;
    }

    private float LogOf(float logit) => (float)((double)logit - _highest - _logSum);
}
