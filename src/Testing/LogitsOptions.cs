namespace ArchGen.Testing;

/// <summary>The options of <see cref="LogitsCheck"/>.</summary>
public sealed record LogitsOptions
{
    /// <summary>
    /// The largest normalised mean squared error (NMSE) that counts as agreement: the sum of squared differences over the sum of squared expected values.
    /// Defaults to 1e-8, which single precision keeps; a wrong RoPE base, window, norm or scale gives 1e-3 and more.
    /// </summary>
    public double Bound { get; init; } = 1e-8;

    /// <summary>
    /// What the author's model computed before the logits, for the same prompt, which names the first node that parts: activations named like modules
    /// (<c>.safetensors</c>, see docs/compare.md), or a dump of nodes by <c>archgen dump</c> or by llama.cpp (<c>.tsv</c>). The path is absolute, or relative
    /// to the folder of the test's source. Defaults to none. A file that is not there is no error until the check fails.
    /// </summary>
    public string? Dump { get; init; }

    /// <summary>How the author's model computes GELU. Defaults to its definition; llama.cpp reads it from a table in half precision.</summary>
    public GeluPrecision Gelu { get; init; } = GeluPrecision.Exact;
}
