namespace ArchGen.Grammars.Regexes;

/// <summary>Bounds on what a regular expression may cost.</summary>
internal sealed record RegexLimits
{
    /// <summary>The largest number of expressions, derivatives included.</summary>
    public int Nodes { get; init; } = 500_000;

    /// <summary>The deepest nesting.</summary>
    public int Depth { get; init; } = 400;

    /// <summary>The number of derivatives that deciding whether one language is empty may take.</summary>
    public int EmptinessSteps { get; init; } = 200_000;
}
