using ArchGen.Grammars.Regexes;

namespace ArchGen.Grammars;

/// <summary>
/// Makes a grammar: rules over lexemes, which are regular expressions. The language is exactly that of the rules: a lexeme may end wherever its expression
/// matches, so that <c>[a-z]+ "b"</c> accepts <c>ab</c>; nothing is decided by a longest match. What the rules leave ambiguous is accepted once.
/// Not safe for several threads.
/// </summary>
internal sealed class GrammarBuilder
{
    private readonly GrammarLimits _limits;
    private readonly List<GrammarLexeme> _lexemes = [];
    private readonly Dictionary<(Regex Regex, bool Lazy), Symbol> _lexemeSymbols = [];
    private readonly List<GrammarTokens> _tokens = [];
    private readonly List<GrammarRule> _rules = [];
    private Symbol? _empty;
    private int _symbols;

    public GrammarBuilder(GrammarLimits? limits = null)
    {
        _limits = limits ?? GrammarLimits.Default;
        Regexes = new(new RegexLimits { Nodes = _limits.RegexParts });
    }

    /// <summary>The regular expressions of the grammar's lexemes.</summary>
    public RegexBuilder Regexes { get; }

    /// <summary>The bounds on what the grammar may cost.</summary>
    public GrammarLimits Limits => _limits;

    /// <summary>The sequence of no symbols.</summary>
    public Symbol Empty
    {
        get
        {
            if (_empty is { } known) return known;
            var rule = Rule("empty");
            Alternative(rule);
            _empty = rule;
            return rule;
        }
    }

    /// <summary>A lexeme: the texts of a regular expression.</summary>
    /// <param name="isLazy">End at the first byte at which the expression matches: what it could match beyond is not part of the language.</param>
    public Symbol Lexeme(Regex regex, bool isLazy = false, string? name = null)
    {
        if (_lexemeSymbols.TryGetValue((regex, isLazy), out var known)) return known;
        _lexemes.Add(new(regex, isLazy, name));
        var symbol = Symbol.Of(SymbolKind.Lexeme, _lexemes.Count - 1);
        _lexemeSymbols.Add((regex, isLazy), symbol);
        return symbol;
    }

    /// <summary>A text.</summary>
    public Symbol Literal(string text) => Lexeme(Regexes.Literal(text), name: text);

    /// <summary>One token by its id: a control token, which has no bytes, or any other.</summary>
    public Symbol Token(int id) => Tokens([id], isNegated: false);

    /// <summary>One token of a set, or of all but a set. Tokens that end the text are never part of it unless they are named.</summary>
    public Symbol Tokens(IEnumerable<int> ids, bool isNegated)
    {
        _tokens.Add(new([.. ids], isNegated));
        return Symbol.Of(SymbolKind.Token, _tokens.Count - 1);
    }

    /// <summary>A new rule, as yet without alternatives. A rule that stays without can match nothing.</summary>
    public Symbol Rule(string? name = null)
    {
        CountSymbols(1);
        _rules.Add(new(name ?? $"rule{_rules.Count}"));
        return Symbol.Of(SymbolKind.Rule, _rules.Count - 1);
    }

    /// <summary>Adds an alternative to a rule: these symbols one after the other; none is the empty text.</summary>
    public void Alternative(Symbol rule, params ReadOnlySpan<Symbol> parts)
    {
        if (rule.Kind != SymbolKind.Rule) throw new ArgumentException("Only a rule has alternatives.", nameof(rule));
        CountSymbols(parts.Length + 1);
        _rules[rule.Index].Alternatives.Add(parts.ToArray());
    }

    /// <summary>One after the other.</summary>
    public Symbol Sequence(params ReadOnlySpan<Symbol> parts)
    {
        if (parts.Length == 1) return parts[0];
        if (parts.Length == 0) return Empty;
        var rule = Rule();
        Alternative(rule, parts);
        return rule;
    }

    /// <summary>One of several.</summary>
    public Symbol Choice(params ReadOnlySpan<Symbol> parts)
    {
        if (parts.Length == 1) return parts[0];
        var rule = Rule();
        foreach (var part in parts) Alternative(rule, part);
        return rule;
    }

    /// <summary>Once or not at all.</summary>
    public Symbol Optional(Symbol part)
    {
        var rule = Rule();
        Alternative(rule);
        Alternative(rule, part);
        return rule;
    }

    /// <summary>The grammar whose texts a symbol describes. The builder must not be used after.</summary>
    /// <exception cref="RequestException">Nothing can match, or a limit is exceeded.</exception>
    public CompiledGrammar Build(Symbol start) => new(new(this, start), _limits);

    /// <summary>From <paramref name="min"/> to <paramref name="max"/> times; <see cref="RegexBuilder.Unbounded"/> is without bound.</summary>
    public Symbol Repeat(Symbol part, int min, int max)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(min);
        if (max < min) return Rule("nothing");
        if (part.Kind == SymbolKind.Rule && part == Empty) return Empty;
        if (max != RegexBuilder.Unbounded) return min == max ? Exactly(part, min) : Sequence(Exactly(part, min), AtMost(part, max - min));

        // Left recursion: a row of the parser then does not grow with the number of repetitions.
        var rule = Rule();
        Alternative(rule);
        Alternative(rule, rule, part);
        return min == 0 ? rule : Sequence(Exactly(part, min), rule);
    }

    /// <summary>
    /// A regular expression for what may stand between two lexemes and means nothing. Any sequence of several is allowed too, but none after a lexeme that
    /// nothing follows.
    /// </summary>
    /// <param name="isLeading">Allow it before the first lexeme too.</param>
    /// <param name="isTrailing">Allow it after the last lexeme too.</param>
    public void Ignore(Regex regex, bool isLeading = false, bool isTrailing = false)
    {
        Ignored = Ignored is { } present ? Regexes.Or(present, regex) : regex;
        (IgnoresLeading, IgnoresTrailing) = (IgnoresLeading || isLeading, IgnoresTrailing || isTrailing);
    }

    public IReadOnlyList<GrammarRule> Rules => _rules;

    public IReadOnlyList<GrammarLexeme> Lexemes => _lexemes;

    public IReadOnlyList<GrammarTokens> TokenSets => _tokens;

    public Regex? Ignored { get; private set; }

    public bool IgnoresLeading { get; private set; }

    public bool IgnoresTrailing { get; private set; }

    private Symbol Exactly(Symbol part, int count)
    {
        if (count == 0) return Empty;
        if (count == 1) return part;

        // By halves, so that a thousand repetitions need ten rules.
        var half = Exactly(part, count / 2);
        return count % 2 == 0 ? Sequence(half, half) : Sequence(half, half, part);
    }

    private Symbol AtMost(Symbol part, int count)
    {
        if (count <= 0) return Empty;
        if (count <= 64) return AtMostOneByOne(part, count);

        // Groups of about the square root, then single ones: the number of rules grows with the root, and each length has one derivation.
        var size = (int)Math.Ceiling(Math.Sqrt(count));
        var group = Exactly(part, size);
        var singles = AtMostOneByOne(part, size - 1);
        var rule = AtMostOneByOne(part, count % size);
        for (var groups = 0; groups < count / size; groups++)
        {
            var larger = Rule();
            Alternative(larger, group, rule);
            Alternative(larger, singles);
            rule = larger;
        }

        return rule;
    }

    private Symbol AtMostOneByOne(Symbol part, int count)
    {
        var rule = Empty;
        for (var i = 0; i < count; i++)
        {
            var larger = Rule();
            Alternative(larger);
            Alternative(larger, part, rule);
            rule = larger;
        }

        return rule;
    }

    private void CountSymbols(int count)
    {
        _symbols += count;
        if (_symbols > _limits.Symbols)
        {
            throw new RequestException($"The grammar needs more than {_limits.Symbols} symbols. Make it smaller, or its repetitions shorter.");
        }
    }
}

/// <summary>A lexeme: its expression, and whether it ends at the first match.</summary>
internal sealed record GrammarLexeme(Regex Regex, bool IsLazy, string? Name);

/// <summary>Tokens by id: those named, or all others.</summary>
internal sealed record GrammarTokens(HashSet<int> Ids, bool IsNegated);

/// <summary>A rule: its name for messages, and its alternatives.</summary>
internal sealed record GrammarRule(string Name)
{
    public List<Symbol[]> Alternatives { get; } = [];
}
