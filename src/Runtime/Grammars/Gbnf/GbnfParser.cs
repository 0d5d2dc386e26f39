using ArchGen.Grammars.Regexes;
using ArchGen.Grammars.Rules;
using ArchGen.Tokenizers;

namespace ArchGen.Grammars.Gbnf;

/// <summary>
/// Reads GBNF, the grammars of llama.cpp (its grammars/README.md): rules <c>name ::= ...</c> of texts, classes, groups, alternatives and repetitions, and
/// tokens by id or text. Left recursion is allowed.
/// </summary>
internal sealed class GbnfParser
{
    private readonly GrammarBuilder _builder;
    private readonly RuleScanner _scanner;
    private readonly Dictionary<string, RuleTree> _rules = [];

    private GbnfParser(GrammarBuilder builder, string text, Tokenizer? tokenizer)
    {
        _builder = builder;
        _scanner = new(new("GBNF grammar", text), builder.Limits, tokenizer);
    }

    /// <summary>The symbol of the rule <c>root</c>.</summary>
    /// <exception cref="RequestException">The grammar is wrong; line, column and a caret say where.</exception>
    public static Symbol Parse(GrammarBuilder builder, string text, Tokenizer? tokenizer)
    {
        GbnfParser parser = new(builder, text, tokenizer);
        parser.Space(lines: true);
        while (!parser._scanner.IsAtEnd) parser.Rule();
        if (!parser._rules.ContainsKey("root")) throw parser._scanner.Error("there is no rule called root, which is the whole text. Add root ::= ...");
        return new RuleCompiler(builder, parser._scanner.Source, parser._rules, merges: true).Compile("root");
    }

    private void Rule()
    {
        var start = _scanner.At;
        var name = Name();
        Space(lines: false);
        if (!_scanner.TryTake("::=")) throw _scanner.Error("::= was expected after the name of a rule.");
        Space(lines: true);
        var tree = Alternatives(isNested: false);
        if (!_rules.TryAdd(name, tree)) throw _scanner.Source.Error(start, $"the rule {name} is defined twice. Join the two with |.");
        if (!_scanner.IsAtEnd && _scanner.Current is not ('\r' or '\n'))
        {
            throw _scanner.Error("a text, a class, a name, a group, | or the end of the line was expected.");
        }

        Space(lines: true);
    }

    private RuleTree Alternatives(bool isNested)
    {
        List<RuleTree> sides = [Sequence(isNested)];
        while (_scanner.TryTake("|"))
        {
            Space(lines: true);
            sides.Add(Sequence(isNested));
        }

        return sides.Count == 1 ? sides[0] : new RuleTree.Union([.. sides]);
    }

    private RuleTree Sequence(bool isNested)
    {
        List<RuleTree> parts = [];
        while (true)
        {
            var start = _scanner.At;
            if (Bounds() is var (min, max))
            {
                if (parts.Count == 0)
                {
                    throw _scanner.Source.Error(start, "there is nothing before the repetition. Put a text, a class, a name or a group before it.");
                }

                parts[^1] = new RuleTree.Repeated(parts[^1], min, max);
            }
            else if (Item() is { } item)
            {
                parts.Add(item);
            }
            else
            {
                return parts.Count == 1 ? parts[0] : new RuleTree.Sequence([.. parts]);
            }

            Space(isNested);
        }
    }

    private (int Min, int Max)? Bounds()
    {
        if (_scanner.TryTake("*")) return (0, RegexBuilder.Unbounded);
        if (_scanner.TryTake("+")) return (1, RegexBuilder.Unbounded);
        if (_scanner.TryTake("?")) return (0, 1);
        return _scanner.TryTake("{") ? _scanner.Bounds() : null;
    }

    private RuleTree? Item()
    {
        switch (_scanner.Current)
        {
            case '"':
                return new RuleTree.Terminal(Literal());
            case '[':
                return new RuleTree.Terminal(_builder.Regexes.CodePoints(Class()));
            case '.':
                _scanner.At++;
                return new RuleTree.Terminal(_builder.Regexes.AnyCodePoint);
            case '<':
                var (ids, isNegated) = _scanner.Token();
                return new RuleTree.Given(_builder.Tokens(ids, isNegated));
            case '!':
                _scanner.At++;
                if (_scanner.Current != '<') throw _scanner.Error("a token was expected after !: !<think> or !<[1000]>.");
                var (others, negated) = _scanner.Token();
                return new RuleTree.Given(_builder.Tokens(others, !negated));
            case '(':
                return Group();
        }

        if (!IsNamePart(_scanner.Current)) return null;
        var at = _scanner.At;
        return new RuleTree.Name(Name(), at);
    }

    private RuleTree Group()
    {
        var open = _scanner.At++;
        _scanner.Enter();
        Space(lines: true);
        var inside = Alternatives(isNested: true);
        Space(lines: true);
        if (_scanner.IsAtEnd) throw _scanner.Source.Error(open, "there is a ( without its ).");
        if (!_scanner.TryTake(")")) throw _scanner.Error("a text, a class, a name, a group, | or ) was expected.");
        _scanner.Leave();
        return inside;
    }

    private Regex Literal()
    {
        var open = _scanner.At++;
        List<Regex> parts = [];
        while (_scanner.Current != '"')
        {
            if (_scanner.IsAtEnd) throw _scanner.Source.Error(open, "the text has no closing quote. Write \\\" for the character.");
            parts.Add(Point(_scanner.Character()));
        }

        _scanner.At++;
        return _builder.Regexes.Concat([.. parts]);
    }

    private Regex Point(int point) => _builder.Regexes.CodePoints(point, point);

    private CodePointRanges Class()
    {
        var open = _scanner.At++;
        var isNegated = _scanner.TryTake("^");
        List<(int, int)> ranges = [];
        while (_scanner.Current != ']' || _scanner.IsAtEnd)
        {
            if (_scanner.IsAtEnd) throw _scanner.Source.Error(open, "the class has no ]. Write \\] for the character.");
            var start = _scanner.At;
            var first = _scanner.Character();
            var last = first;
            if (_scanner.Current == '-' && !_scanner.Peek("-]"))
            {
                _scanner.At++;
                last = _scanner.Character();
                if (last < first) throw _scanner.Source.Error(start, "the range ends before it begins. Exchange its ends.");
            }

            ranges.Add((first, last));
        }

        _scanner.At++;
        var set = CodePointRanges.Of(ranges);
        return isNegated ? set.Complement() : set;
    }

    private string Name()
    {
        var name = _scanner.TakeWhile(IsNamePart);
        return name.Length > 0 ? name : throw _scanner.Error("the name of a rule was expected: letters, digits and -.");
    }

    /// <summary>Skips blanks and comments.</summary>
    private void Space(bool lines)
    {
        while (true)
        {
            _scanner.TakeWhile(c => c is ' ' or '\t' || (lines && c is ('\r' or '\n')));
            if (_scanner.Current != '#') return;
            _scanner.TakeWhile(c => c is not ('\r' or '\n'));
        }
    }

    private static bool IsNamePart(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';
}
