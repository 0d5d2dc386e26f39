using ArchGen.Graphs;

namespace ArchGen.Tools.Recipes;

/// <summary>What a reference computed for a prompt, and what is stated of it.</summary>
/// <param name="Values">The results, row-major: [tokens, vocab] or [tokens, embd].</param>
public sealed record RecordedResults(float[] Values)
{
    /// <summary>How the reference computed GELU, and so how the model is run; null if nobody says.</summary>
    public GeluPrecision? Gelu { get; init; }

    /// <summary>That the results are another model's on purpose; otherwise null.</summary>
    public StatedDifference? Difference { get; init; }

    /// <summary>
    /// A result further from the recorded one (NMSE) is wrong. It follows from the operations, never from a result: what agreement in single precision
    /// comes to, 1e-8; or 1e-6 where the reference may have read GELU from a table in half precision.
    /// </summary>
    public double Tolerance(IEnumerable<Graph> graphs) =>
        Gelu != GeluPrecision.Exact && HasGelu(graphs) ? 1e-6 : 1e-8;

    /// <summary>Whether there is an activation that a reference may read from a table.</summary>
    public static bool HasGelu(IEnumerable<Graph> graphs) => graphs.Any(g => g.Nodes.Any(n => n.Spec.Ggml.IsTabulated));
}

/// <summary>A difference that a recipe states between its results and the architecture's.</summary>
/// <param name="Error">How far they are apart (NMSE).</param>
/// <param name="Reason">What the reference computes instead.</param>
public sealed record StatedDifference(double Error, string Reason)
{
    // The figure is written with a few digits, and another order of summation moves it by less.
    private const double Slack = 0.01;

    /// <summary>Whether a distance is the stated one: any other shows a mistake that is not stated.</summary>
    public bool IsOf(double error) => Math.Abs(error - Error) <= Slack * Error;
}
