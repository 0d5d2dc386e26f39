namespace ArchGen.Tools.Comparison;

/// <summary>The figures of a node that a dump has: enough to decide whether it agrees, and to show a difference.</summary>
/// <param name="Values">All its elements.</param>
/// <param name="Sum">Their sum.</param>
/// <param name="Norm">Their L2 norm.</param>
internal sealed record NodeSummary(float[] Values, double Sum, double Norm)
{
    public static NodeSummary Of(float[] values)
    {
        double sum = 0, squares = 0;
        foreach (var value in values)
        {
            sum += value;
            squares += (double)value * value;
        }

        return new NodeSummary(values, sum, Math.Sqrt(squares));
    }

    /// <summary>
    /// The largest squared relative difference from a reference, and its figure. The norm is relative to the norm; the sum to itself or the norm, and an
    /// element to itself or the norm per element, the larger of both.
    /// </summary>
    public (double Error, Difference? Worst) Compare(DumpedNode reference, IReadOnlyList<int> dims)
    {
        var typical = reference.Norm / Math.Sqrt(Math.Max(reference.Count, 1));
        var last = Values.Length - 1;
        int[] places = [0, Math.Min(1, last), last];
        (string What, double Found, double Expected, double Scale)[] figures =
        [
            ("norm", Norm, reference.Norm, reference.Norm),
            ("sum", Sum, reference.Sum, Math.Max(Math.Abs(reference.Sum), reference.Norm)),
            .. reference.Samples.Zip(
                places,
                (sample, place) => (TraceComparison.Index(dims, place), (double)Values[place], sample, Math.Max(Math.Abs(sample), typical))),
        ];
        (double Error, Difference? Worst) worst = (0, null);
        foreach (var (what, found, expected, scale) in figures)
        {
            if (found == expected) continue;
            var relative = scale > 0 ? (found - expected) / scale : double.PositiveInfinity;
            var error = relative * relative;
            if (!(error <= worst.Error)) worst = (error, new Difference(what, found, expected));
        }

        return worst;
    }
}
