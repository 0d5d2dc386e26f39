using ArchGen.Grammars.Regexes;
using ArchGen.Grammars.Rules;

namespace ArchGen.Grammars.Lark;

internal sealed partial class LarkParser
{
    private RuleTree Alternatives(bool isNested)
    {
        List<RuleTree> sides = [];
        do
        {
            List<RuleTree> all = [];
            do
            {
                Skip(isNested);
                all.Add(Sequence(isNested));
            }
            while (_scanner.TryTake("&"));
            sides.Add(all.Count == 1 ? all[0] : new RuleTree.Intersection([.. all]));
            Alias();
        }
        while (TryTakeBar(isNested));
        return sides.Count == 1 ? sides[0] : new RuleTree.Union([.. sides]);
    }

    /// <summary>Takes a bar, which may begin the next line.</summary>
    private bool TryTakeBar(bool isNested)
    {
        Skip(isNested);
        var start = _scanner.At;
        Lines();
        if (_scanner.TryTake("|")) return true;
        _scanner.At = start;
        return false;
    }

    private void Alias()
    {
        Blanks();
        if (!_scanner.TryTake("->")) return;
        Blanks();
        Name();
    }

    private RuleTree Sequence(bool isNested)
    {
        List<RuleTree> parts = [];
        while (true)
        {
            Skip(isNested);
            if (Expression() is not { } part) break;
            parts.Add(part);
        }

        return parts.Count == 1 ? parts[0] : new RuleTree.Sequence([.. parts]);
    }

    private RuleTree? Expression()
    {
        if (Atom() is not { } tree) return null;
        while (true)
        {
            if (_scanner.TryTake("*")) tree = new RuleTree.Repeated(tree, 0, RegexBuilder.Unbounded);
            else if (_scanner.TryTake("+")) tree = new RuleTree.Repeated(tree, 1, RegexBuilder.Unbounded);
            else if (_scanner.TryTake("?")) tree = new RuleTree.Repeated(tree, 0, 1);
            else if (_scanner.TryTake("{") && _scanner.Bounds() is var (min, max)) tree = new RuleTree.Repeated(tree, min, max);
            else if (TildeBounds() is var (least, most)) tree = new RuleTree.Repeated(tree, least, most);
            else return tree;
        }
    }

    /// <summary><c>~ 3</c> or <c>~ 3..5</c>.</summary>
    private (int Min, int Max)? TildeBounds()
    {
        var start = _scanner.At;
        Blanks();
        if (_scanner.TryTake("~"))
        {
            Blanks();
            if (char.IsAsciiDigit(_scanner.Current))
            {
                var min = _scanner.Number();
                var max = _scanner.TryTake("..") ? _scanner.Number() : min;
                if (max < min) throw _scanner.Source.Error(start, $"the repetition has more at least ({min}) than at most ({max}). Exchange them.");
                return (min, max);
            }
        }

        _scanner.At = start;
        return null;
    }

    private RuleTree? Atom()
    {
        switch (_scanner.Current)
        {
            case '"':
                return Text();
            case '/' when !_scanner.Peek("//"):
                return Pattern();
            case '(':
                return Group(')');
            case '[':
                return new RuleTree.Repeated(Group(']'), 0, 1);
            case '<':
                var (ids, isNegated) = _scanner.Token();
                return new RuleTree.Given(_builder.Tokens(ids, isNegated));
            case '~':
                var at = _scanner.At++;
                Blanks();
                _scanner.Enter();
                var body = Atom() ?? throw _scanner.Source.Error(at, "a terminal was expected after ~.");
                _scanner.Leave();
                return new RuleTree.Complement(body);
            case '%':
                return Embedded();
            case '@':
                throw _scanner.Error("other grammars by their name are not supported. Write their rules here.");
        }

        if (!char.IsAsciiLetter(_scanner.Current) && _scanner.Current != '_') return null;
        var start = _scanner.At;
        return new RuleTree.Name(Name(), start);
    }

    private RuleTree.Given Embedded()
    {
        var start = _scanner.At;
        if (!_scanner.TryTake("%json")) throw _scanner.Error("only %json is known inside a rule.");
        if (_json is null) throw _scanner.Source.Error(start, "%json is not available here.");
        Blanks();
        using var schema = Json();
        return new(_json(_builder, schema.RootElement));
    }

    private RuleTree Group(char close)
    {
        var open = _scanner.At++;
        _scanner.Enter();
        var inside = Alternatives(isNested: true);
        Lines();
        if (_scanner.IsAtEnd) throw _scanner.Source.Error(open, $"there is no {close} for this.");
        if (_scanner.Current != close) throw _scanner.Error($"a part of a rule, | or {close} was expected.");
        _scanner.At++;
        _scanner.Leave();
        return inside;
    }

    /// <summary>A text in quotes, with the flag i for any case, or a range of characters: <c>"a".."z"</c>.</summary>
    private RuleTree.Terminal Text()
    {
        var start = _scanner.At;
        var points = Points();
        if (_scanner.TryTake(".."))
        {
            if (_scanner.Current != '"' || points.Count != 1) throw _scanner.Source.Error(start, "a range is of two characters: \"a\"..\"z\".");
            var last = Points();
            if (last.Count != 1 || last[0] < points[0]) throw _scanner.Source.Error(start, "a range is of two characters, the lesser first: \"a\"..\"z\".");
            return new(_builder.Regexes.CodePoints(points[0], last[0]));
        }

        var ignoreCase = _scanner.Current == 'i' && !(_scanner.At + 1 < _scanner.Text.Length && IsNamePart(_scanner.Text[_scanner.At + 1]));
        if (ignoreCase) _scanner.At++;
        return new(_builder.Regexes.Concat([.. points.Select(point =>
        {
            var set = CodePointRanges.Of((point, point));
            return _builder.Regexes.CodePoints(ignoreCase ? LetterCases.AddOthers(set) : set);
        })]));
    }

    private List<int> Points()
    {
        var open = _scanner.At++;
        List<int> points = [];
        while (_scanner.Current != '"')
        {
            if (_scanner.IsAtEnd || _scanner.Current == '\n') throw _scanner.Source.Error(open, "the text has no closing quote. Write \\\" for the character.");
            points.Add(_scanner.Character());
        }

        _scanner.At++;
        return points;
    }

    private RuleTree.Terminal Pattern()
    {
        var open = _scanner.At++;
        var text = _scanner.Text;
        var end = _scanner.At;
        while (end < text.Length && text[end] is not ('/' or '\n')) end += text[end] == '\\' ? 2 : 1;
        if (end >= text.Length || text[end] != '/') throw _scanner.Source.Error(open, "the pattern has no closing /. Write \\/ for the character.");
        var pattern = text[_scanner.At..end];
        _scanner.At = end + 1;
        var flags = _scanner.TakeWhile(c => c is 'i' or 'm' or 's' or 'l' or 'u' or 'x');
        if (flags.AsSpan().IndexOfAny('m', 'x') >= 0) throw _scanner.Source.Error(end + 1, "of the flags of a pattern, i, s, l and u are supported.");
        try
        {
            var syntax = RegexSyntax.Unicode with { IgnoreCase = flags.Contains('i'), DotAll = flags.Contains('s') };
            return new(RegexParser.Parse(_builder.Regexes, pattern, syntax));
        }
        catch (RequestException error)
        {
            throw _scanner.Source.Error(open, $"the pattern is wrong. {error.Message}");
        }
    }

    private string Name()
    {
        var start = _scanner.At;
        while (IsNamePart(_scanner.Current) && !_scanner.Peek("->")) _scanner.At++;
        return _scanner.At > start ? _scanner.Text[start.._scanner.At] : throw _scanner.Error("a name was expected: letters, digits, _ and -.");
    }

    private void Skip(bool lines)
    {
        if (lines) Lines();
        else Blanks();
    }

    /// <summary>Skips blanks and comments.</summary>
    private void Blanks() => Pass(lines: false);

    /// <summary>Skips blanks, comments and ends of line.</summary>
    private void Lines() => Pass(lines: true);

    private void Pass(bool lines)
    {
        while (true)
        {
            _scanner.TakeWhile(c => c is ' ' or '\t' || (lines && c is ('\r' or '\n')));
            if (_scanner.Current != '#' && !_scanner.Peek("//")) return;
            _scanner.TakeWhile(c => c is not ('\r' or '\n'));
        }
    }

    private static bool IsNamePart(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
}
