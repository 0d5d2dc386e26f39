using ArchGen.Grammars.Regexes;

namespace ArchGen.Grammars.Tests;

/// <summary>
/// A random grammar, and its language by definition: the least sets of strings, up to a length, that the rules hold for. Nothing of the engine is used.
/// </summary>
internal sealed class NaiveGrammar
{
    private const int Longest = 6;

    private readonly List<(NaiveExpression Expression, bool IsLazy)> _lexemes = [];
    private readonly List<List<int[]>> _rules = []; // a symbol is a rule, or the complement of a lexeme
    private readonly NaiveExpression? _ignored;
    private readonly bool _leading;
    private readonly HashSet<string>[] _strings;
    private readonly HashSet<string>[] _beginnings;

    public NaiveGrammar(Random random)
    {
        for (var i = 0; i < 4; i++) _lexemes.Add((NaiveExpression.Random(random, random.Next(3), booleans: false), random.Next(5) == 0));
        for (var rule = 0; rule < 4; rule++)
        {
            _rules.Add([]);
            for (var i = random.Next(3); i >= 0; i--)
            {
                var alternative = new int[random.Next(4)];
                for (var k = 0; k < alternative.Length; k++) alternative[k] = random.Next(2) == 0 ? random.Next(4) : ~random.Next(4);
                _rules[rule].Add(alternative);
            }
        }

        if (random.Next(3) == 0) _ignored = NaiveExpression.Random(random, 1, booleans: false);
        _leading = random.Next(2) == 0;
        _strings = Fixpoint(Strings);
        var productive = Productive();
        _beginnings = Fixpoint((sets, rule) => Beginnings(sets, productive, rule));
        if (!productive[0]) _beginnings[0] = [];
        CanMatch = productive[0];
        if (_ignored is not null && _leading) Lead();
    }

    /// <summary>Whether there is any text.</summary>
    public bool CanMatch { get; }

    public CompiledGrammar Build()
    {
        GrammarBuilder builder = new();
        Symbol[] lexemes = [.. _lexemes.Select(lexeme => builder.Lexeme(lexeme.Expression.Build(builder.Regexes), lexeme.IsLazy))];
        Symbol[] rules = [.. _rules.Select(_ => builder.Rule())];
        for (var rule = 0; rule < rules.Length; rule++)
        {
            foreach (var alternative in _rules[rule])
            {
                builder.Alternative(rules[rule], [.. alternative.Select(symbol => symbol < 0 ? lexemes[~symbol] : rules[symbol])]);
            }
        }

        if (_ignored is not null) builder.Ignore(_ignored.Build(builder.Regexes), _leading, isTrailing: true);
        return builder.Build(rules[0]);
    }

    public bool IsSentence(string text) => text.Length <= Longest ? _strings[0].Contains(text) : throw new ArgumentException("too long");

    public bool IsBeginning(string text) => text.Length <= Longest ? _beginnings[0].Contains(text) : throw new ArgumentException("too long");

    public static bool IsShort(string text) => text.Length <= Longest;

    private HashSet<string>[] Fixpoint(Func<HashSet<string>[], int, HashSet<string>> next)
    {
        HashSet<string>[] sets = [.. _rules.Select(_ => new HashSet<string>())];
        for (var changed = true; changed;)
        {
            changed = false;
            for (var rule = 0; rule < sets.Length; rule++)
            {
                var count = sets[rule].Count;
                sets[rule].UnionWith(next(sets, rule));
                changed |= sets[rule].Count > count;
            }
        }

        return sets;
    }

    private HashSet<string> Strings(HashSet<string>[] sets, int rule)
    {
        HashSet<string> result = [];
        foreach (var alternative in _rules[rule])
        {
            result.UnionWith(alternative.Aggregate(new HashSet<string> { "" }, (head, symbol) => Append(head, symbol, sets)));
        }

        return result;
    }

    private HashSet<string> Append(HashSet<string> head, int symbol, HashSet<string>[] sets) =>
        NaiveExpression.Concat(head, symbol < 0 ? LexemeStrings(~symbol) : sets[symbol], Longest);

    private HashSet<string> Beginnings(HashSet<string>[] sets, bool[] productive, int rule)
    {
        HashSet<string> result = [];
        foreach (var alternative in _rules[rule].Where(alternative => Array.TrueForAll(alternative, symbol => symbol < 0 || productive[symbol])))
        {
            HashSet<string> head = [""];
            if (alternative.Length == 0) result.Add("");
            foreach (var symbol in alternative)
            {
                result.UnionWith(NaiveExpression.Concat(head, symbol < 0 ? LexemeBeginnings(~symbol) : sets[symbol], Longest));
                head = Append(head, symbol, _strings);
            }
        }

        return result;
    }

    private bool[] Productive()
    {
        var productive = new bool[_rules.Count];
        for (var i = 0; i <= _rules.Count; i++)
        {
            for (var rule = 0; rule < _rules.Count; rule++)
            {
                productive[rule] |= _rules[rule].Exists(alternative => Array.TrueForAll(alternative, symbol => symbol < 0 || productive[symbol]));
            }
        }

        return productive;
    }

    private HashSet<string> LexemeStrings(int lexeme)
    {
        var (expression, isLazy) = _lexemes[lexeme];
        var strings = expression.Strings(Longest);
        if (isLazy) strings = [.. strings.Where(text => !HasEndBefore(strings, text))];
        if (_ignored is null) return strings;

        // What is ignored follows a lexeme that is not empty.
        return [.. strings.Where(text => text.Length == 0), .. NaiveExpression.Concat([.. strings.Where(text => text.Length > 0)], Ignored(), Longest)];
    }

    private HashSet<string> LexemeBeginnings(int lexeme)
    {
        var (expression, isLazy) = _lexemes[lexeme];
        var strings = expression.Strings(Longest);
        var beginnings = expression.Beginnings(Longest);
        if (isLazy) beginnings = [.. beginnings.Where(text => !HasEndBefore(strings, text))];
        if (_ignored is null) return beginnings;
        if (isLazy) strings = [.. strings.Where(text => !HasEndBefore(strings, text))];
        return [.. beginnings, .. NaiveExpression.Concat([.. strings.Where(text => text.Length > 0)], IgnoredBeginnings(), Longest)];
    }

    private HashSet<string> Ignored() => new NaiveExpression('*', "", 0, RegexBuilder.Unbounded, _ignored!).Strings(Longest);

    private HashSet<string> IgnoredBeginnings() => new NaiveExpression('*', "", 0, RegexBuilder.Unbounded, _ignored!).Beginnings(Longest);

    private void Lead()
    {
        _strings[0] = NaiveExpression.Concat(Ignored(), _strings[0], Longest);
        _beginnings[0] = CanMatch ? [.. IgnoredBeginnings(), .. NaiveExpression.Concat(Ignored(), _beginnings[0], Longest)] : [];
    }

    private static bool HasEndBefore(HashSet<string> strings, string text)
    {
        for (var length = 0; length < text.Length; length++)
        {
            if (strings.Contains(text[..length])) return true;
        }

        return false;
    }
}
