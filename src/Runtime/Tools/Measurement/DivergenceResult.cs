namespace ArchGen.Tools.Measurement;

/// <summary>The result of <see cref="KullbackLeibler"/>, with standard errors for independent tokens.</summary>
public sealed record DivergenceResult
{
    /// <summary>Predictions that were compared.</summary>
    public required long Tokens { get; init; }

    /// <summary>The model's perplexity.</summary>
    public required Estimate Perplexity { get; init; }

    /// <summary>The perplexity of the model it is compared with.</summary>
    public required Estimate BasePerplexity { get; init; }

    /// <summary>Correlation of the two models' losses, -ln p, over the tokens; 0 where there is no variance.</summary>
    public required double Correlation { get; init; }

    /// <summary>ln of the ratio of the perplexities: the mean increase of the loss.</summary>
    public required Estimate LogRatio { get; init; }

    /// <summary>The perplexity in units of the other model's.</summary>
    public Estimate Ratio => LogRatio.Exp();

    /// <summary>The increase of the perplexity.</summary>
    public required Estimate Difference { get; init; }

    /// <summary>The mean Kullback-Leibler divergence, in nats.</summary>
    public required Estimate KlDivergence { get; init; }

    /// <summary>The divergences of all predictions.</summary>
    public required Distribution Divergences { get; init; }

    /// <summary>Mean change of the probability of the text's token.</summary>
    public required Estimate ProbabilityChange { get; init; }

    /// <summary>Root of the mean square of that change.</summary>
    public required Estimate RmsProbabilityChange { get; init; }

    /// <summary>The changes of all predictions.</summary>
    public required Distribution ProbabilityChanges { get; init; }

    /// <summary>The part of the predictions whose most likely token is the same.</summary>
    public required Estimate SameTop { get; init; }
}

/// <summary>Numbers, of which one may ask how they are distributed.</summary>
/// <remarks>For one caller at a time.</remarks>
public sealed class Distribution
{
    private readonly List<float> _values;
    private float[]? _sorted;

    internal Distribution(List<float> values) => (_values, Count) = (values, values.Count);

    /// <summary>The number of values.</summary>
    public int Count { get; }

    /// <summary>The value below which a part of the values is, interpolated between two of them; 0 and 1 give minimum and maximum.</summary>
    public float Quantile(double part)
    {
        _sorted ??= Sort();
        return (float)Quantiles.Of<float>(_sorted, part);
    }

    private float[] Sort()
    {
        var sorted = _values[..Count].ToArray();
        Array.Sort(sorted);
        return sorted;
    }
}
