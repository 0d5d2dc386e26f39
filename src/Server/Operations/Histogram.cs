namespace ArchGen.Server.Operations;

/// <summary>How often values were observed, by upper bounds (Prometheus' histograms). Safe for concurrent use.</summary>
/// <param name="bounds">The upper bounds, ascending; values above the last are counted as well.</param>
internal sealed class Histogram(double[] bounds)
{
    private readonly long[] _counts = new long[bounds.Length + 1];
    private readonly Lock _gate = new();
    private double _sum;

    /// <summary>The bounds of the duration of requests: OpenTelemetry's semantic conventions for generative AI.</summary>
    public static double[] RequestSeconds { get; } = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

    /// <summary>Those of the time to the first token.</summary>
    public static double[] FirstTokenSeconds { get; } =
        [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    /// <summary>Those of the time per output token.</summary>
    public static double[] TokenSeconds { get; } = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5];

    /// <summary>The upper bounds.</summary>
    public IReadOnlyList<double> Bounds => bounds;

    /// <summary>Counts a value.</summary>
    public void Observe(double value)
    {
        var place = 0;
        while (place < bounds.Length && value > bounds[place]) place++;
        lock (_gate)
        {
            _counts[place]++;
            _sum += value;
        }
    }

    /// <summary>The counts up to each bound and in all, and the sum of the values.</summary>
    public (long[] Counts, double Sum) Read()
    {
        lock (_gate)
        {
            var counts = (long[])_counts.Clone();
            for (var i = 1; i < counts.Length; i++) counts[i] += counts[i - 1];
            return (counts, _sum);
        }
    }
}
