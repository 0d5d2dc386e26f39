namespace ArchGen.Runtime.Execution;

/// <summary>The times of a run, by step.</summary>
/// <param name="Rows">The kinds of steps, by descending time.</param>
/// <param name="WallSeconds">The whole run, in seconds: the steps, and the time between them.</param>
public sealed record Profile(IReadOnlyList<ProfileRow> Rows, double WallSeconds)
{
    /// <summary>All steps together.</summary>
    public ProfileRow Total => new(
        "total", Rows.Sum(r => r.Calls), Rows.Sum(r => r.Seconds), Rows.Sum(r => r.WaitSeconds), Rows.Sum(r => r.Bytes), Rows.Sum(r => r.Flops));

    /// <summary>The time between the steps, in seconds: filling the micro-batch, copying its outputs, counting.</summary>
    public double BetweenSeconds => Math.Max(0, WallSeconds - Rows.Sum(r => r.Seconds));
}

/// <summary>The steps of one kind, in a run.</summary>
/// <param name="Kind">Their operation, for products with the type of their weights.</param>
/// <param name="Calls">The number of runs.</param>
/// <param name="Seconds">Their time, in seconds.</param>
/// <param name="WaitSeconds">The part of it in which the calling thread waited for others at the end of a parallel part, in seconds.</param>
/// <param name="Bytes">Bytes of weights, keys, values and states that had to be read.</param>
/// <param name="Flops">Floating-point operations.</param>
public sealed record ProfileRow(string Kind, double Calls, double Seconds, double WaitSeconds, double Bytes, double Flops)
{
    /// <summary>Bytes read per second.</summary>
    public double BytesPerSecond => Seconds > 0 ? Bytes / Seconds : 0;

    /// <summary>Floating-point operations per second.</summary>
    public double FlopsPerSecond => Seconds > 0 ? Flops / Seconds : 0;
}
