namespace ArchGen.Runtime.Sampling;

/// <summary>What the versions of mirostat (arXiv:2007.14966) share: a bound on the surprise, moved by the surprise of each token.</summary>
internal abstract class Mirostat(SamplerOptions options, uint seed) : Draw
{
    private readonly MersenneTwister _random = new(seed);

    /// <summary>The bound on the surprise, in bits.</summary>
    protected float Bound { get; private set; } = 2 * options.MirostatTau;

    /// <inheritdoc/>
    public override int Choose(Candidates candidates)
    {
        candidates.Sort();
        candidates.ComputeProbabilities();
        candidates.Truncate(Math.Max(1, CountToKeep(candidates.Probabilities)));
        candidates.ComputeProbabilities();
        var chosen = Discrete(candidates.Probabilities, _random);
        Bound -= options.MirostatEta * (Surprise(candidates.Probabilities[chosen]) - options.MirostatTau);
        return chosen;
    }

    /// <summary>The number of tokens that the bound lets through, of sorted probabilities.</summary>
    protected abstract int CountToKeep(ReadOnlySpan<float> probabilities);

    /// <summary>The surprise of a token, in bits.</summary>
    protected static float Surprise(float probability) => -(float)Math.Log2(probability);
}

/// <summary>Mirostat: the number of tokens by an estimate of Zipf's exponent.</summary>
internal sealed class Mirostat1(SamplerOptions options, uint seed, int vocabularySize) : Mirostat(options, seed)
{
    private const int Estimated = 100; // tokens from which the exponent is estimated

    /// <inheritdoc/>
    protected override int CountToKeep(ReadOnlySpan<float> probabilities)
    {
        var (products, squares) = (0f, 0f);
        for (var i = 0; i < Estimated - 1 && i < probabilities.Length - 1 && probabilities[i + 1] > 0; i++)
        {
            var rank = Truncations.Log((i + 2f) / (i + 1f));
            var ratio = Truncations.Log(probabilities[i] / probabilities[i + 1]);
            products += rank * ratio;
            squares += rank * rank;
        }

        var exponent = products / squares;
        var excess = exponent - 1;
        var numerator = excess * (float)Math.Pow(2, Bound);
        var count = (float)Math.Pow(numerator / (1 - (float)Math.Pow(vocabularySize, -excess)), 1 / exponent);

        // llama.cpp converts the number to an integer, and on x86 one that is too large, or none, becomes the smallest.
        return count < int.MaxValue ? (int)count : 1;
    }
}

/// <summary>Mirostat 2.0: the tokens whose surprise is within the bound.</summary>
internal sealed class Mirostat2(SamplerOptions options, uint seed) : Mirostat(options, seed)
{
    /// <inheritdoc/>
    protected override int CountToKeep(ReadOnlySpan<float> probabilities)
    {
        var kept = 0;
        while (kept < probabilities.Length && Surprise(probabilities[kept]) <= Bound) kept++;
        return kept;
    }
}
