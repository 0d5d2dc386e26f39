using ArchGen.Grammars.Regexes;

namespace ArchGen.Grammars.Parsing;

/// <summary>
/// The rules of a grammar laid flat. A dot is a place in an alternative: <see cref="Next"/> has the symbol after it, and at the end of an alternative the
/// complement of its rule. Rules that can match nothing are gone, so that each place can be reached and left. Immutable.
/// </summary>
internal sealed class GrammarTables
{
    private readonly List<int> _next = [];
    private readonly List<int[]> _firstDots = [];

    public GrammarTables(GrammarBuilder builder, Symbol start)
    {
        Regexes = builder.Regexes;
        ReachableRules rules = new(builder, start);
        (Lexemes, TokenSets) = (rules.Lexemes, rules.TokenSets);
        Nullable = rules.Nullable;
        foreach (var alternatives in rules.Alternatives)
        {
            List<int> first = [];
            var rule = _firstDots.Count;
            foreach (var alternative in alternatives)
            {
                if (alternative.Length == 0) continue;
                first.Add(_next.Count);
                _next.AddRange(alternative);
                _next.Add(~rule);
            }

            _firstDots.Add([.. first]);
        }

        Next = [.. _next];
        FirstDots = [.. _firstDots];
        if (builder.Ignored is { } ignored)
        {
            IgnoredLexeme = Lexemes.Count;
            var once = Regexes.NotEmpty(ignored);
            Lexemes.Add(new(builder.IsIgnoredRepeated ? Regexes.Plus(once) : once, IsLazy: false, "ignored"));
            (IgnoresLeading, IgnoresTrailing) = (builder.IgnoresLeading, builder.IgnoresTrailing);
        }
    }

    /// <summary>The rule of the whole text; its only alternative is the start.</summary>
    public const int StartRule = 0;

    public RegexBuilder Regexes { get; }

    /// <summary>The symbol after each dot: <c>4 * index + kind</c> as <see cref="Encode"/> has it, or the complement of a rule at an end.</summary>
    public int[] Next { get; }

    /// <summary>The dot before each alternative of a rule, without empty alternatives.</summary>
    public int[][] FirstDots { get; }

    /// <summary>Whether a rule matches the empty text.</summary>
    public bool[] Nullable { get; }

    /// <summary>The lexemes, none of which matches the empty text.</summary>
    public List<GrammarLexeme> Lexemes { get; }

    public List<GrammarTokens> TokenSets { get; }

    /// <summary>The lexeme that may stand between others; -1 if there is none.</summary>
    public int IgnoredLexeme { get; } = -1;

    public bool IgnoresLeading { get; }

    public bool IgnoresTrailing { get; }

    public static int Encode(SymbolKind kind, int index) => (index << 2) | (int)kind;

    public static SymbolKind KindOf(int symbol) => (SymbolKind)(symbol & 3);

    public static int IndexOf(int symbol) => symbol >> 2;

    /// <summary>Whether a symbol is a rule that matches the empty text.</summary>
    public bool IsNullable(int symbol) => symbol >= 0 && KindOf(symbol) == SymbolKind.Rule && Nullable[IndexOf(symbol)];
}
