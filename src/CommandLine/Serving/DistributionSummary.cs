using ArchGen.Tools.Measurement;

namespace ArchGen.CommandLine.Serving;

/// <summary>Mean and percentiles of some values; all are 0 if there are none.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="P50">The median.</param>
/// <param name="P90">The 90th percentile.</param>
/// <param name="P99">The 99th percentile.</param>
internal readonly record struct DistributionSummary(double Mean, double P50, double P90, double P99)
{
    /// <summary>The distribution of some values.</summary>
    public static DistributionSummary Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0) return default;
        return new DistributionSummary(
            sorted.Average(), Quantiles.Of<double>(sorted, 0.5), Quantiles.Of<double>(sorted, 0.9), Quantiles.Of<double>(sorted, 0.99));
    }

    /// <summary>The distribution of some times, in milliseconds.</summary>
    public static DistributionSummary Of(IEnumerable<TimeSpan> times) => Of(times.Select(time => time.TotalMilliseconds));
}
