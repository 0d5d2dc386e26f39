using System.Text;
using ArchGen.Grammars.JsonSchema.Sets;
using ArchGen.Grammars.Regexes;

namespace ArchGen.Grammars.JsonSchema.Writing;

/// <summary>Writes terms as the rules of a grammar. Each term becomes one rule, so that a recursive schema is a finite grammar.</summary>
internal sealed partial class GrammarWriter
{
    private readonly SetAlgebra _algebra;
    private readonly GrammarBuilder _grammar;
    private readonly Dictionary<Term, Symbol> _rules = [];
    private readonly Queue<Term> _open = [];
    private readonly Symbol _comma;
    private readonly Symbol _colon;
    private readonly Regex _quote;

    public GrammarWriter(SetAlgebra algebra, GrammarBuilder grammar)
    {
        (_algebra, _grammar) = (algebra, grammar);
        _comma = grammar.Literal(",");
        _colon = grammar.Literal(":");
        _quote = grammar.Regexes.Byte((byte)'"');
    }

    /// <summary>The symbol of a term, with all the rules that it needs.</summary>
    /// <exception cref="SchemaException">A condition cannot be decided by a prefix.</exception>
    public Symbol Write(Term term)
    {
        var start = Value(term);
        while (_open.TryDequeue(out var next))
        {
            var set = _algebra.Resolve(next);
            var rule = _rules[next];
            WriteScalars(rule, set);
            foreach (var shape in set.Arrays) _grammar.Alternative(rule, WriteArray(shape));
            foreach (var shape in set.Objects) _grammar.Alternative(rule, WriteObject(shape));
        }

        return start;
    }

    private Symbol Value(Term term)
    {
        if (_rules.TryGetValue(term, out var known)) return known;
        var rule = _grammar.Rule(term.IsAny ? "value" : null);
        _rules.Add(term, rule);
        _open.Enqueue(term);
        return rule;
    }

    private void WriteScalars(Symbol rule, ValueSet set)
    {
        List<string> words = [];
        if (set.Null) words.Add("null");
        if (set.True) words.Add("true");
        if (set.False) words.Add("false");
        if (words.Count > 0) _grammar.Alternative(rule, _grammar.Lexeme(_grammar.Regexes.Literals(words), name: string.Join(" or ", words)));
        if (!set.Numbers.IsEmpty) _grammar.Alternative(rule, _grammar.Lexeme(set.Numbers.ToRegex(_grammar.Regexes), name: "a number"));
        if (set.Strings is { } strings) _grammar.Alternative(rule, Quoted(strings));
    }

    private Symbol Quoted(StringSet strings)
    {
        var name = strings.Values is [var only] ? $"\"{JsonCharacters.Spell(only)}\"" : "a string";
        return _grammar.Lexeme(_grammar.Regexes.Concat(_quote, strings.Regex, _quote), name: name);
    }

    /// <summary>The sequence of a value's parts between brackets.</summary>
    private Symbol Bracketed(string open, IReadOnlyList<Symbol> bodies, bool canBeEmpty, string close)
    {
        var rule = _grammar.Rule();
        var (left, right) = (_grammar.Literal(open), _grammar.Literal(close));
        if (canBeEmpty) _grammar.Alternative(rule, left, right);
        foreach (var body in bodies) _grammar.Alternative(rule, left, body, right);
        return rule;
    }
}
