namespace ArchGen.Runtime.Sampling;

/// <summary>The last step, which chooses a token. It returns the place of the token, and leaves the probabilities with which it was drawn.</summary>
internal abstract class Draw
{
    /// <summary>Chooses one of the tokens, one of which at least is possible.</summary>
    public abstract int Choose(Candidates candidates);

    /// <summary>Takes note of the token that was taken, which may be another than the one chosen.</summary>
    public virtual void Accept(int token)
    {
    }

    /// <summary>The draw that the options ask for.</summary>
    public static Draw Of(SamplerOptions options, uint seed, int vocabularySize) => options.Mirostat switch
    {
        1 => new Mirostat1(options, seed, vocabularySize),
        2 => new Mirostat2(options, seed),
        _ when options.Chain.Contains(SamplerStep.AdaptiveP) => new AdaptiveP(options, seed),
        _ => new UsualDraw(seed),
    };

    /// <summary>
    /// Draws by probabilities as <c>std::discrete_distribution</c> does in libstdc++: a single token needs no random number, and the sums are doubles.
    /// </summary>
    protected static int Discrete(ReadOnlySpan<float> probabilities, MersenneTwister random)
    {
        if (probabilities.Length < 2) return 0;
        var total = 0.0;
        foreach (var p in probabilities) total += p;
        var target = random.NextDouble();
        var (sum, last) = (0.0, 0);
        for (var i = 0; i < probabilities.Length; i++)
        {
            if (probabilities[i] <= 0) continue;
            sum += probabilities[i] / total;
            last = i;
            if (sum >= target) break;
        }

        return last;
    }
}

/// <summary>Draws by probability.</summary>
internal sealed class UsualDraw(uint seed) : Draw
{
    private readonly MersenneTwister _random = new(seed);

    /// <inheritdoc/>
    public override int Choose(Candidates candidates)
    {
        candidates.ComputeWeights();
        var weights = candidates.Probabilities;
        var total = 0.0;
        foreach (var weight in weights) total += weight;
        var target = weights.Length > 1 ? total * _random.NextDouble() : 0;
        var (sum, chosen) = (0.0, 0);
        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] == 0) continue;
            sum += weights[i];
            chosen = i;
            if (sum >= target) break;
        }

        foreach (ref var weight in weights) weight = (float)(weight / total);
        return chosen;
    }
}
