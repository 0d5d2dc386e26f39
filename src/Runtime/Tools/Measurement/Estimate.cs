namespace ArchGen.Tools.Measurement;

/// <summary>A figure and its standard error.</summary>
public readonly record struct Estimate(double Value, double Error)
{
    /// <summary>The figure's exponential, the error carried along to first order.</summary>
    internal Estimate Exp() => new(Math.Exp(Value), Math.Exp(Value) * Error);

    /// <summary>The figure's square root, likewise.</summary>
    internal Estimate Sqrt() => Value > 0 ? new(Math.Sqrt(Value), 0.5 / Math.Sqrt(Value) * Error) : default;
}

/// <summary>Sums from which a mean and its standard error follow: variance / (n - 1), for independent tokens.</summary>
internal struct RunningMean
{
    private double _sum;
    private double _squares;

    public long Count { get; private set; }

    public readonly double Mean => _sum / Count;

    /// <summary>Mean and standard error.</summary>
    public readonly Estimate Estimate
    {
        get
        {
            var variance = (_squares / Count) - (Mean * Mean);
            return new(Mean, variance > 0 && Count > 1 ? Math.Sqrt(variance / (Count - 1)) : 0);
        }
    }

    public void Add(double value)
    {
        _sum += value;
        _squares += value * value;
        Count++;
    }
}
