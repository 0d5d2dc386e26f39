namespace ArchGen.Grammars.Parsing;

/// <summary>
/// The state of an Earley parser after some lexemes: dots with the row in which each's rule began, and the shape that says what they predict. Rows with the
/// same items are one object wherever they occur in a text, so that what is known of one holds for all.
/// J. Earley, "An efficient context-free parsing algorithm", 1970; predictions with nullable rules after Aycock and Horspool, 2002; the shortcut through
/// right recursion after J. Leo, 1991.
/// </summary>
internal sealed class Row(int id, RowShape shape, int[] dots, Row[] origins, bool canEnd)
{
    /// <summary>A number that orders rows.</summary>
    public int Id { get; } = id;

    public RowShape Shape { get; } = shape;

    /// <summary>The dots, ascending by dot and number of origin.</summary>
    public int[] Dots { get; } = dots;

    /// <summary>The row in which the rule of each dot began.</summary>
    public Row[] Origins { get; } = origins;

    /// <summary>Whether the text is complete here.</summary>
    public bool CanEnd { get; } = canEnd;

    /// <summary>The end of the chain of completions from a rule that began here, by rule; made as it is asked for.</summary>
    public Dictionary<int, (int Rule, Row Origin)>? Chains { get; set; }

    /// <summary>The states after a lexeme that began here may have ended, by the state of the lexer. Cleared with the engine's memory.</summary>
    public Dictionary<int, ParserState>? Ends { get; set; }

    /// <summary>The rows after lexemes that began here, by the set of lexemes. Made and cleared with <see cref="Ends"/>.</summary>
    public Dictionary<int, Row>? RowsAfter { get; set; }
}
