namespace ArchGen.Runtime.Sampling;

/// <summary>
/// Adaptive-p (llama.cpp, pull request 17927): makes tokens near a probability the likeliest, and moves that probability so that the tokens taken have it on
/// average.
/// </summary>
internal sealed class AdaptiveP(SamplerOptions options, uint seed) : Draw
{
    private const float Peak = 5; // the logit of a token at the probability
    private const float Sharpness = 10;
    private const float InverseWidth = 1 / 0.3f;

    private readonly MersenneTwister _random = new(seed);
    private float _sum = options.AdaptiveTarget / (1 - options.AdaptiveDecay);
    private float _weight = 1 / (1 - options.AdaptiveDecay);
    private float[] _original = [];
    private int _chosen = -1; // the token, whose probability was:
    private float _probability;

    /// <inheritdoc/>
    public override int Choose(Candidates candidates)
    {
        candidates.ComputeProbabilities();
        if (options.AdaptiveTarget < 0) return Discrete(candidates.Probabilities, _random);

        var probabilities = candidates.Probabilities;
        if (_original.Length < probabilities.Length) _original = new float[probabilities.Length];
        probabilities.CopyTo(_original);
        var target = _weight == 0 ? options.AdaptiveTarget : Math.Clamp(2 * options.AdaptiveTarget - _sum / _weight, 0, 1);
        var logits = candidates.Logits;
        for (var i = 0; i < logits.Length; i++)
        {
            if (float.IsNegativeInfinity(logits[i])) continue;
            var distance = MathF.Abs((probabilities[i] - target) * InverseWidth);
            logits[i] = Peak - Sharpness * distance * distance / (1 + distance);
        }

        // If they were sorted, the first is still taken for the highest. It is as good a reference for the exponentials, and llama.cpp's.
        candidates.ComputeProbabilities();
        var chosen = Discrete(candidates.Probabilities, _random);
        (_chosen, _probability) = (candidates.Id(chosen), _original[chosen]);
        return chosen;
    }

    /// <inheritdoc/>
    public override void Accept(int token)
    {
        if (token == _chosen)
        {
            _sum = _probability + options.AdaptiveDecay * _sum;
            _weight = 1 + options.AdaptiveDecay * _weight;
        }

        _chosen = -1;
    }
}
