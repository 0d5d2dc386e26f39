namespace ArchGen.Grammars.Regexes;

/// <summary>The language of a pattern, as far as languages differ.</summary>
internal sealed record RegexSyntax
{
    /// <summary>As JSON Schema has it: ECMAScript, found anywhere in a text unless anchored.</summary>
    public static RegexSyntax JsonSchema { get; } = new() { IsEcma = true, IsSearch = true };

    /// <summary>The whole text, with classes of Unicode as in Rust and Python.</summary>
    public static RegexSyntax WholeText { get; } = new();

    /// <summary>ECMAScript: <c>\d</c> and <c>\w</c> are ASCII, and a dot excludes the four ends of line.</summary>
    public bool IsEcma { get; init; }

    /// <summary>The pattern may match a part of the text.</summary>
    public bool IsSearch { get; init; }

    /// <summary>The flag i.</summary>
    public bool IgnoreCase { get; init; }

    /// <summary>The flag s: a dot matches an end of line too.</summary>
    public bool DotAll { get; init; }

    /// <summary>The deepest nesting of groups.</summary>
    public int Nesting { get; init; } = GrammarLimits.Default.Nesting;

    /// <summary>The longest pattern, in characters.</summary>
    public int Characters { get; init; } = GrammarLimits.Default.Characters;
}
