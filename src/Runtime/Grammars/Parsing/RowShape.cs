namespace ArchGen.Grammars.Parsing;

/// <summary>
/// The prediction of a set of dots: the dots at the beginning of the rules that they lead to, by the symbol that each waits for. It does not depend on where
/// the rules began, so one shape serves all rows with the same dots (in terms of LR parsing: the closure of a set of items). Immutable.
/// </summary>
internal sealed class RowShape
{
    private readonly Dictionary<int, int[]> _predicted = [];

    private RowShape()
    {
    }

    /// <summary>The lexemes that may come next, in ascending order, without the ignored one.</summary>
    public int[] Lexemes { get; private set; } = [];

    /// <summary>The sets of tokens that may come next.</summary>
    public int[] TokenSets { get; private set; } = [];

    /// <summary>The number of dots, a measure of what it cost.</summary>
    public int Count { get; private set; }

    /// <summary>The start state of the lexer with the ignored lexeme, or -1 if not made yet.</summary>
    public int Start { get; set; } = -1;

    /// <summary>The start state of the lexer without the ignored lexeme, or -1 if not made yet.</summary>
    public int StartOfLexeme { get; set; } = -1;

    public static RowShape Of(GrammarTables tables, ReadOnlySpan<int> dots)
    {
        RowShape shape = new();
        Dictionary<int, List<int>> waiting = [];
        SortedSet<int> lexemes = [];
        SortedSet<int> tokens = [];
        Stack<int> rules = [];
        HashSet<int> known = [];
        foreach (var dot in dots) Note(tables.Next[dot]);
        while (rules.TryPop(out var rule))
        {
            foreach (var first in tables.FirstDots[rule])
            {
                for (var dot = first; tables.Next[dot] >= 0; dot++)
                {
                    var symbol = tables.Next[dot];
                    if (!waiting.TryGetValue(symbol, out var list)) waiting.Add(symbol, list = []);
                    list.Add(dot);
                    shape.Count++;
                    Note(symbol);
                    if (!tables.IsNullable(symbol)) break;
                }
            }
        }

        foreach (var (symbol, list) in waiting) shape._predicted.Add(symbol, [.. list]);
        (shape.Lexemes, shape.TokenSets) = ([.. lexemes], [.. tokens]);
        return shape;

        void Note(int symbol)
        {
            var index = GrammarTables.IndexOf(symbol);
            if (GrammarTables.KindOf(symbol) == SymbolKind.Lexeme) lexemes.Add(index);
            else if (GrammarTables.KindOf(symbol) == SymbolKind.Token) tokens.Add(index);
            else if (known.Add(index)) rules.Push(index);
        }
    }

    /// <summary>The predicted dots that wait for a symbol.</summary>
    public int[] WaitingFor(int symbol) => _predicted.GetValueOrDefault(symbol, []);
}
