using System.Collections;

namespace ArchGen.Grammars.Parsing;

/// <summary>
/// The rules that a start leads to and that can match some text, with new numbers; rule 0 is the whole text. A lexeme that matches the empty text becomes a
/// rule with two alternatives: the lexeme without it, and nothing.
/// </summary>
internal sealed class ReachableRules
{
    private readonly GrammarBuilder _builder;
    private readonly List<List<Symbol[]>> _rules = [];
    private readonly Dictionary<int, Symbol> _lexemes = [];
    private readonly Dictionary<int, int> _tokens = [];
    private readonly BitArray _isProductive;
    private readonly Dictionary<int, int> _numbers = [];
    private readonly List<int> _order = [];

    public ReachableRules(GrammarBuilder builder, Symbol start)
    {
        _builder = builder;
        foreach (var rule in builder.Rules) _rules.Add(rule.Alternatives);
        var root = _rules.Count;
        _rules.Add([[start]]);
        for (var rule = 0; rule <= root; rule++) ReplaceLexemes(rule);
        _isProductive = FindProductive();
        if (!_isProductive[root]) throw new RequestException("The grammar matches no text at all: each alternative contradicts itself or never ends.");
        Number(root);
        foreach (var rule in _order) Alternatives.Add([.. _rules[rule].Where(CanMatch).Select(Renumber)]);
        Nullable = FindNullable();
    }

    /// <summary>The alternatives of each rule, in the numbers of <see cref="GrammarTables.Encode"/>.</summary>
    public List<int[][]> Alternatives { get; } = [];

    /// <summary>Whether each rule matches the empty text.</summary>
    public bool[] Nullable { get; }

    public List<GrammarLexeme> Lexemes { get; } = [];

    public List<GrammarTokens> TokenSets { get; } = [];

    private void ReplaceLexemes(int rule)
    {
        var alternatives = _rules[rule];
        List<Symbol[]> replaced = new(alternatives.Count);
        foreach (var alternative in alternatives)
        {
            if (alternative.Any(symbol => symbol.Kind == SymbolKind.Lexeme)) replaced.Add([.. alternative.Select(Replaced)]);
            else replaced.Add(alternative);
        }

        _rules[rule] = replaced;
    }

    private Symbol Replaced(Symbol symbol)
    {
        if (symbol.Kind != SymbolKind.Lexeme) return symbol;
        if (_lexemes.TryGetValue(symbol.Index, out var known)) return known;
        var lexeme = _builder.Lexemes[symbol.Index];
        var regexes = _builder.Regexes;
        var result = Symbol.Of(SymbolKind.Lexeme, Lexemes.Count);
        if (!regexes.IsNullable(lexeme.Regex))
        {
            if (regexes.IsEmpty(lexeme.Regex)) result = AddRule([]);
            else Lexemes.Add(lexeme);
        }
        else
        {
            var rest = regexes.NotEmpty(lexeme.Regex);
            var hasMore = !lexeme.IsLazy && !regexes.IsEmpty(rest);
            if (hasMore) Lexemes.Add(lexeme with { Regex = rest });
            result = AddRule(hasMore ? [[], [result]] : [[]]);
        }

        _lexemes.Add(symbol.Index, result);
        return result;
    }

    private Symbol AddRule(List<Symbol[]> alternatives)
    {
        _rules.Add(alternatives);
        return Symbol.Of(SymbolKind.Rule, _rules.Count - 1);
    }

    private BitArray FindProductive()
    {
        // Each alternative waits for its rules; a rule that turns out productive is counted off in those that wait for it.
        BitArray productive = new(_rules.Count);
        List<(int Rule, int Alternative)>[] waiting = new List<(int, int)>[_rules.Count];
        Queue<int> open = [];
        var missing = new int[_rules.Count][];
        for (var rule = 0; rule < _rules.Count; rule++)
        {
            missing[rule] = new int[_rules[rule].Count];
            for (var i = 0; i < missing[rule].Length; i++)
            {
                foreach (var symbol in _rules[rule][i])
                {
                    if (symbol.Kind != SymbolKind.Rule) continue;
                    missing[rule][i]++;
                    (waiting[symbol.Index] ??= []).Add((rule, i));
                }

                if (missing[rule][i] == 0) Mark(rule);
            }
        }

        while (open.TryDequeue(out var known))
        {
            foreach (var (rule, alternative) in waiting[known] ?? [])
            {
                if (--missing[rule][alternative] == 0) Mark(rule);
            }
        }

        return productive;

        void Mark(int rule)
        {
            if (productive[rule]) return;
            productive[rule] = true;
            open.Enqueue(rule);
        }
    }

    private bool CanMatch(Symbol[] alternative) => Array.TrueForAll(alternative, symbol => symbol.Kind != SymbolKind.Rule || _isProductive[symbol.Index]);

    private void Number(int root)
    {
        Queue<int> open = new([root]);
        _numbers.Add(root, 0);
        while (open.TryDequeue(out var rule))
        {
            _order.Add(rule);
            foreach (var symbol in _rules[rule].Where(CanMatch).SelectMany(alternative => alternative))
            {
                if (symbol.Kind == SymbolKind.Rule && _numbers.TryAdd(symbol.Index, _numbers.Count)) open.Enqueue(symbol.Index);
            }
        }
    }

    private int[] Renumber(Symbol[] alternative) => [.. alternative.Select(symbol => GrammarTables.Encode(symbol.Kind, symbol.Kind switch
    {
        SymbolKind.Rule => _numbers[symbol.Index],
        SymbolKind.Token => TokenNumber(symbol.Index),
        _ => symbol.Index,
    }))];

    private int TokenNumber(int index)
    {
        if (_tokens.TryGetValue(index, out var number)) return number;
        _tokens.Add(index, TokenSets.Count);
        TokenSets.Add(_builder.TokenSets[index]);
        return TokenSets.Count - 1;
    }

    private bool[] FindNullable()
    {
        // As above, for alternatives of rules that are all nullable.
        var nullable = new bool[Alternatives.Count];
        List<(int Rule, int Alternative)>[] waiting = new List<(int, int)>[nullable.Length];
        Queue<int> open = [];
        var missing = new int[nullable.Length][];
        for (var rule = 0; rule < nullable.Length; rule++)
        {
            missing[rule] = [.. Alternatives[rule].Select(alternative => alternative.Length)];
            for (var i = 0; i < missing[rule].Length; i++)
            {
                foreach (var symbol in Alternatives[rule][i])
                {
                    if (GrammarTables.KindOf(symbol) == SymbolKind.Rule) (waiting[GrammarTables.IndexOf(symbol)] ??= []).Add((rule, i));
                }

                if (missing[rule][i] == 0) Mark(rule);
            }
        }

        while (open.TryDequeue(out var known))
        {
            foreach (var (rule, alternative) in waiting[known] ?? [])
            {
                if (--missing[rule][alternative] == 0) Mark(rule);
            }
        }

        return nullable;

        void Mark(int rule)
        {
            if (nullable[rule]) return;
            nullable[rule] = true;
            open.Enqueue(rule);
        }
    }
}
