namespace ArchGen.Grammars;

/// <summary>A lexeme, a rule or a set of tokens in a <see cref="GrammarBuilder"/>.</summary>
internal readonly record struct Symbol
{
    private readonly int _value;

    private Symbol(SymbolKind kind, int index) => _value = (index << 2) | (int)kind;

    public SymbolKind Kind => (SymbolKind)(_value & 3);

    /// <summary>The place among the symbols of its kind.</summary>
    public int Index => _value >> 2;

    public static Symbol Of(SymbolKind kind, int index) => new(kind, index);
}

/// <summary>The kinds of a <see cref="Symbol"/>.</summary>
internal enum SymbolKind
{
    /// <summary>The texts of a regular expression, in bytes.</summary>
    Lexeme,

    /// <summary>A rule with alternatives.</summary>
    Rule,

    /// <summary>One of a set of tokens by id.</summary>
    Token,
}
