namespace ArchGen.Grammars.JsonSchema;

/// <summary>How a JSON schema becomes a grammar.</summary>
public sealed record JsonSchemaOptions
{
    /// <summary>The options that hold unless others are given.</summary>
    public static JsonSchemaOptions Default { get; } = new();

    /// <summary>Whether whitespace may be between the parts of a document, as JSON has it. Default: true. If not, the document is compact.</summary>
    public bool AllowWhitespace { get; init; } = true;

    /// <summary>
    /// Whether <c>format</c> restricts strings. Default: true. A format that draft 2020-12 does not name restricts nothing in either case.
    /// </summary>
    public bool AssertFormats { get; init; } = true;

    /// <summary>The bounds on the cost of the grammar.</summary>
    public GrammarLimits Limits { get; init; } = GrammarLimits.Default;
}
