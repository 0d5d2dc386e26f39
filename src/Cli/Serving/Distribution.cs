namespace ArchGen.Cli.Serving;

/// <summary>Mean and percentiles of some values; all are 0 if there are none.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="P50">The median.</param>
/// <param name="P90">The 90th percentile.</param>
/// <param name="P99">The 99th percentile.</param>
internal readonly record struct Distribution(double Mean, double P50, double P90, double P99)
{
    /// <summary>The distribution of some values.</summary>
    public static Distribution Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? default
            : new Distribution(sorted.Average(), Percentile(sorted, 0.5), Percentile(sorted, 0.9), Percentile(sorted, 0.99));
    }

    /// <summary>The distribution of some times, in milliseconds.</summary>
    public static Distribution Of(IEnumerable<TimeSpan> times) => Of(times.Select(time => time.TotalMilliseconds));

    /// <summary>A percentile of sorted values, interpolated as NumPy does by default.</summary>
    public static double Percentile(ReadOnlySpan<double> sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
