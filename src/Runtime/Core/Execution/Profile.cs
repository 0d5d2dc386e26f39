namespace ArchGen.Runtime.Execution;

/// <summary>Where the time of a run goes.</summary>
/// <param name="Rows">The kinds of steps, the one that took longest first.</param>
/// <param name="WallSeconds">The whole run, in seconds: the steps, and what lies between them.</param>
public sealed record Profile(IReadOnlyList<ProfileRow> Rows, double WallSeconds)
{
    /// <summary>All steps together.</summary>
    public ProfileRow Total => new(
        "total", Rows.Sum(r => r.Calls), Rows.Sum(r => r.Seconds), Rows.Sum(r => r.WaitSeconds), Rows.Sum(r => r.Bytes), Rows.Sum(r => r.Flops));

    /// <summary>What lies between the steps, in seconds: filling the micro-batch, copying its outputs, counting.</summary>
    public double BetweenSeconds => Math.Max(0, WallSeconds - Rows.Sum(r => r.Seconds));
}

/// <summary>The steps of one kind, in a run.</summary>
/// <param name="Kind">Their operation, of products the type of their weights, too.</param>
/// <param name="Calls">How often one ran.</param>
/// <param name="Seconds">How long they took.</param>
/// <param name="WaitSeconds">How much of it the calling thread waited for others at the end of a parallel part.</param>
/// <param name="Bytes">Bytes of weights, keys, values and states that had to be read.</param>
/// <param name="Flops">Floating-point operations.</param>
public sealed record ProfileRow(string Kind, double Calls, double Seconds, double WaitSeconds, double Bytes, double Flops)
{
    /// <summary>Bytes read per second.</summary>
    public double BytesPerSecond => Seconds > 0 ? Bytes / Seconds : 0;

    /// <summary>Floating-point operations per second.</summary>
    public double FlopsPerSecond => Seconds > 0 ? Flops / Seconds : 0;
}
