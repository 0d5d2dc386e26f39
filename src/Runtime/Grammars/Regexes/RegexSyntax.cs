namespace ArchGen.Grammars.Regexes;

/// <summary>The language of a pattern, as far as languages differ.</summary>
internal sealed record RegexSyntax
{
    /// <summary>ECMA-262, section 22.2, as JSON Schema has it.</summary>
    public static RegexSyntax Ecma { get; } = new() { IsEcma = true, Nesting = 100, Characters = 20_000, MaxCount = 100_000, MaxConditions = 100 };

    /// <summary>Classes of Unicode as in Rust and Python.</summary>
    public static RegexSyntax Unicode { get; } = new();

    /// <summary>
    /// ECMAScript: <c>\d</c> and <c>\w</c> are ASCII, a dot excludes the four ends of line, and there are lookaheads. What it reads in its own way, such as
    /// <c>[]</c>, is read so.
    /// </summary>
    public bool IsEcma { get; init; }

    /// <summary>The flag i.</summary>
    public bool IgnoreCase { get; init; }

    /// <summary>The flag s: a dot matches an end of line too.</summary>
    public bool DotAll { get; init; }

    /// <summary>The deepest nesting of groups.</summary>
    public int Nesting { get; init; } = GrammarLimits.Default.Nesting;

    /// <summary>The longest pattern, in characters.</summary>
    public int Characters { get; init; } = GrammarLimits.Default.Characters;

    /// <summary>The greatest count of a quantifier.</summary>
    public int MaxCount { get; init; } = 100_000_000;

    /// <summary>The most anchors and lookaheads together.</summary>
    public int MaxConditions { get; init; } = int.MaxValue;
}
