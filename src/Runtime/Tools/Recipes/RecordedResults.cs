using ArchGen.Graphs;

namespace ArchGen.Tools.Recipes;

/// <summary>The results of a reference for a prompt, and the facts that the recipe states of them.</summary>
/// <param name="Values">The results, row-major: [tokens, vocab] or [tokens, embd].</param>
public sealed record RecordedResults(float[] Values)
{
    /// <summary>The reference's precision of GELU, with which the model is run too; null if the recipe does not state it.</summary>
    public GeluPrecision? Gelu { get; init; }

    /// <summary>The stated difference, if the results are another model's on purpose; otherwise null.</summary>
    public StatedDifference? Difference { get; init; }

    /// <summary>
    /// The maximum NMSE of a correct result. It follows from the operations, never from a result: 1e-8, the agreement of single precision, or 1e-6 if
    /// the reference may have read GELU from a table in half precision.
    /// </summary>
    public double Tolerance(IEnumerable<Graph> graphs)
    {
        ArgumentNullException.ThrowIfNull(graphs);
        return Gelu != GeluPrecision.Exact && HasGelu(graphs) ? 1e-6 : 1e-8;
    }

    /// <summary>Whether there is an activation that a reference may read from a table.</summary>
    public static bool HasGelu(IEnumerable<Graph> graphs)
    {
        ArgumentNullException.ThrowIfNull(graphs);
        return graphs.Any(g => g.Nodes.Any(n => n.Spec.Ggml.IsTabulated));
    }
}

/// <summary>A difference that a recipe states between its results and the architecture's.</summary>
/// <param name="Error">The distance between them (NMSE).</param>
/// <param name="Reason">The different computation of the reference.</param>
public sealed record StatedDifference(double Error, string Reason)
{
    // The figure is written with a few digits, and another order of summation moves it by less.
    private const double Slack = 0.01;

    /// <summary>Whether a distance is the stated one, within 1 %; any other shows a mistake that is not stated.</summary>
    public bool IsOf(double error) => Math.Abs(error - Error) <= Slack * Error;
}
