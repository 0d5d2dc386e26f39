namespace ArchGen.Grammars;

/// <summary>
/// Bounds on what a grammar may cost, since it can come from a stranger. What goes beyond is an error of the constraint, never a mask that allows too much.
/// </summary>
public sealed record GrammarLimits
{
    /// <summary>The bounds that hold unless others are given.</summary>
    public static GrammarLimits Default { get; } = new();

    /// <summary>The largest number of symbols in all alternatives of all rules.</summary>
    public int Symbols { get; init; } = 1_000_000;

    /// <summary>The largest number of parts of regular expressions, derivatives included.</summary>
    public int RegexParts { get; init; } = 500_000;

    /// <summary>The largest number of states of the lexer.</summary>
    public int LexerStates { get; init; } = 100_000;

    /// <summary>The largest number of items in one row of the parser, a measure of how ambiguous a grammar is.</summary>
    public int RowItems { get; init; } = 5_000;

    /// <summary>The largest number of steps, in items and derivatives looked at, that one mask may take.</summary>
    public int StepsPerMask { get; init; } = 2_000_000;

    /// <summary>The deepest nesting of groups, rules and brackets in the text of a grammar or a pattern.</summary>
    public int Nesting { get; init; } = 200;

    /// <summary>The longest text of a grammar or a pattern, in characters.</summary>
    public int Characters { get; init; } = 1_000_000;
}
