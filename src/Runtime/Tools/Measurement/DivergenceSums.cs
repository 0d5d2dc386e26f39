namespace ArchGen.Tools.Measurement;

/// <summary>Gathers predictions to a <see cref="DivergenceResult"/>.</summary>
internal sealed class DivergenceSums
{
    private readonly List<float> _divergences = [];
    private readonly List<float> _changes = [];
    private RunningMean _loss;
    private RunningMean _baseLoss;
    private RunningMean _divergence;
    private RunningMean _change;
    private RunningMean _squaredChange;
    private double _products;
    private long _sameTop;

    public void Add(Prediction prediction)
    {
        _loss.Add(prediction.Loss);
        _baseLoss.Add(prediction.BaseLoss);
        _products += prediction.Loss * prediction.BaseLoss;
        _divergence.Add(prediction.Divergence);
        _divergences.Add((float)prediction.Divergence);
        var change = Math.Exp(-prediction.Loss) - Math.Exp(-prediction.BaseLoss);
        _change.Add(change);
        _squaredChange.Add(change * change);
        _changes.Add((float)change);
        if (prediction.IsSameTop) _sameTop++;
    }

    public DivergenceResult Result()
    {
        Estimate loss = _loss.Estimate, baseLoss = _baseLoss.Estimate;
        var count = _loss.Count;
        var covariance = count > 1 ? ((_products / count) - (_loss.Mean * _baseLoss.Mean)) / (count - 1) : 0;
        Estimate perplexity = loss.Exp(), basePerplexity = baseLoss.Exp();
        var same = (double)_sameTop / count;
        return new DivergenceResult
        {
            Tokens = count,
            Perplexity = perplexity,
            BasePerplexity = basePerplexity,
            Correlation = loss.Error > 0 && baseLoss.Error > 0 ? covariance / (loss.Error * baseLoss.Error) : 0,
            LogRatio = new(loss.Value - baseLoss.Value, ErrorOfDifference(loss.Error, baseLoss.Error, covariance)),
            Difference = new(
                perplexity.Value - basePerplexity.Value,
                ErrorOfDifference(perplexity.Error, basePerplexity.Error, perplexity.Value * basePerplexity.Value * covariance)),
            KlDivergence = _divergence.Estimate,
            Divergences = new(_divergences),
            ProbabilityChange = _change.Estimate,
            RmsProbabilityChange = _squaredChange.Estimate.Sqrt(),
            ProbabilityChanges = new(_changes),
            SameTop = new(same, count > 1 ? Math.Sqrt(same * (1 - same) / (count - 1)) : 0),
        };
    }

    // Rounding may make nothing a little less than that.
    private static double ErrorOfDifference(double a, double b, double covariance) => Math.Sqrt(Math.Max(0, (a * a) + (b * b) - (2 * covariance)));
}
