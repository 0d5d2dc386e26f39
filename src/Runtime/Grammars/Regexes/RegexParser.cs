namespace ArchGen.Grammars.Regexes;

/// <summary>
/// Reads a pattern: in ECMA-262, or in what it, Rust and Python have in common. A lookbehind, a backreference, a word boundary and a possessive quantifier are
/// refused, since a part of a text cannot tell whether they hold or they are no regular language.
/// </summary>
internal sealed class RegexParser
{
    private readonly string _pattern;
    private readonly SourceText _source;
    private readonly RegexSyntax _syntax;
    private readonly RegexClassParser _classes;
    private int _depth;
    private int _conditions;

    private RegexParser(string pattern, RegexSyntax syntax)
    {
        (_pattern, _syntax) = (pattern, syntax);
        _source = new("regular expression", pattern, isOneLine: syntax.IsEcma);
        if (pattern.Length > syntax.Characters) throw _source.Error(0, $"the pattern is longer than {syntax.Characters} characters. Make it shorter.");
        _classes = new(_source, syntax.IsEcma);
    }

    /// <summary>The texts that a pattern matches from their start to their end.</summary>
    /// <exception cref="RequestException">The pattern is wrong or not supported; line, column and a caret say where.</exception>
    public static Regex Parse(RegexBuilder builder, string pattern, RegexSyntax syntax) =>
        new RegexTreeCompiler(builder).Compile(Read(pattern, syntax), atStart: true, atEnd: true);

    /// <summary>The parts of a pattern.</summary>
    /// <exception cref="RequestException">The pattern is wrong or not supported; the message says where.</exception>
    public static RegexTree Read(string pattern, RegexSyntax syntax)
    {
        RegexParser parser = new(pattern, syntax);
        var tree = parser.Union(new(syntax.IgnoreCase, syntax.DotAll));
        if (parser.At < pattern.Length) throw parser.Error("there is a ) without its (. Write \\) for the character.");
        return tree;
    }

    private int At
    {
        get => _classes.At;
        set => _classes.At = value;
    }

    private RegexTree Union(Flags flags)
    {
        if (++_depth > _syntax.Nesting) throw Error($"groups are nested more than {_syntax.Nesting} deep. Make the pattern flatter.");
        List<RegexTree> sides = [];
        List<RegexTree> parts = [];
        while (At < _pattern.Length && _pattern[At] != ')')
        {
            if (_pattern[At] == '|')
            {
                At++;
                sides.Add(RegexTree.Sequence.Of(parts));
                parts = [];
            }
            else if (InlineFlags() is { } changed)
            {
                flags = changed(flags);
            }
            else
            {
                parts.Add(Quantified(flags));
            }
        }

        _depth--;
        sides.Add(RegexTree.Sequence.Of(parts));
        return sides.Count == 1 ? sides[0] : new RegexTree.Union([.. sides]);
    }

    private RegexTree Quantified(Flags flags)
    {
        var start = At;
        var atom = Atom(flags);
        var isRepeated = false;
        while (At < _pattern.Length && Quantifier() is var (min, max, length))
        {
            if (isRepeated) throw Error("a quantifier follows a quantifier. Put the first into a group: (?:a*)*.");
            if (atom is RegexTree.Anchor) throw Error("a quantifier follows an anchor, which there is no second of. Remove one of them.");
            if (max < min) throw Error($"the quantifier has more at least ({min}) than at most ({max}). Exchange them.");
            if (!_syntax.IsEcma && !atom.IsPlain && !(max == 1 || (min <= 1 && max == RegexBuilder.Unbounded)))
            {
                throw _source.Error(start, "a group with an anchor is repeated a counted number of times, which is not supported. Take the anchor out of it.");
            }

            At += length;
            if (At < _pattern.Length && _pattern[At] == '?') At++; // as few as possible: the same texts
            else if (At < _pattern.Length && _pattern[At] == '+') throw Error("a possessive quantifier is not supported. Use the plain one.");
            atom = new RegexTree.Repeated(atom, min, max);
            isRepeated = true;
        }

        return atom;
    }

    private (int Min, int Max, int Length)? Quantifier() => _pattern[At] switch
    {
        '*' => (0, RegexBuilder.Unbounded, 1),
        '+' => (1, RegexBuilder.Unbounded, 1),
        '?' => (0, 1, 1),
        '{' => Counted(),
        _ => null,
    };

    private (int Min, int Max, int Length)? Counted()
    {
        var close = _pattern.IndexOf('}', At);
        if (close < 0) return null;
        var inside = _pattern.AsSpan(At + 1, close - At - 1);
        var comma = inside.IndexOf(',');
        var first = comma < 0 ? inside : inside[..comma];
        var second = comma < 0 ? inside : inside[(comma + 1)..];
        if (!_syntax.IsEcma && comma == 0 && second.Length > 0 && !second.ContainsAnyExceptInRange('0', '9'))
        {
            throw Error("{,n} means different things in different languages. Write {0,n}.");
        }

        if (first.IsEmpty || first.ContainsAnyExceptInRange('0', '9') || second.ContainsAnyExceptInRange('0', '9')) return null;
        return (Number(first), comma >= 0 && second.IsEmpty ? RegexBuilder.Unbounded : Number(second), close - At + 1);
    }

    private int Number(ReadOnlySpan<char> digits)
    {
        return int.TryParse(digits, out var number) && number <= _syntax.MaxCount
            ? number : throw Error($"a count is greater than {_syntax.MaxCount}. Make it smaller.");
    }

    private RegexTree Atom(Flags flags)
    {
        switch (_pattern[At])
        {
            case '(':
                return Group(flags);
            case '^':
                At++;
                return Condition(new RegexTree.Anchor(IsStart: true));
            case '$':
                At++;
                return Condition(new RegexTree.Anchor(IsStart: false));
            case '.':
                At++;
                return new RegexTree.Set(_classes.Dot(flags.DotAll));
            case '*' or '+' or '?':
                throw Error("there is nothing before the quantifier to repeat. Write \\ before it for the character.");
            case '{' when Counted() is not null:
                throw Error("there is nothing before the quantifier to repeat. Write \\ before it for the character.");
            case '\\' when !_syntax.IsEcma && At + 1 < _pattern.Length && _pattern[At + 1] is 'A' or 'z' or 'Z':
                At += 2;
                return Condition(new RegexTree.Anchor(IsStart: _pattern[At - 1] == 'A'));
            default:
                return new RegexTree.Set(_classes.Single(flags.IgnoreCase));
        }
    }

    private RegexTree Condition(RegexTree condition) => ++_conditions <= _syntax.MaxConditions
        ? condition : throw Error($"there are more than {_syntax.MaxConditions} anchors and lookaheads. Make the pattern simpler.");

    private RegexTree Group(Flags flags)
    {
        var open = At++;
        var lookahead = _syntax.IsEcma && (Peek("?=") || Peek("?!")) ? _pattern[At + 1] : '\0';
        if (lookahead != '\0')
        {
            At += 2;
        }
        else if (Peek("?"))
        {
            if (Peek("?=") || Peek("?!") || Peek("?<=") || Peek("?<!"))
            {
                if (_syntax.IsEcma) throw _source.Error(open, "a lookbehind is not supported. Write what the text is, not what is before it.");
                throw _source.Error(open, "a lookaround is not supported. Write what the text is, not what it is not; in a grammar of rules, use & and ~.");
            }

            if (Peek("?>")) throw _source.Error(open, "an atomic group is not supported. Use (?:...).");
            if (Peek("?P=") || Peek("?P>") || Peek("?R") || Peek("?(")) throw _source.Error(open, "a backreference, recursion or condition is not supported.");
            if (Peek("?P<") || Peek("?<"))
            {
                var close = _pattern.IndexOf('>', At);
                if (close < 0) throw _source.Error(open, "the name of the group has no >.");
                At = close + 1;
            }
            else
            {
                At++;
                if (_syntax.IsEcma && !Peek(":")) throw _source.Error(open, "flags and other kinds of groups are not supported. Known are (...) and (?:...).");
                flags = ReadFlags(flags);
                if (!Peek(":")) throw Error("unknown kind of group. Known are (...), (?:...), (?<name>...) and flags such as (?i:...).");
                At++;
            }
        }

        var inside = Union(flags);
        if (At >= _pattern.Length) throw _source.Error(open, "there is a ( without its ). Write \\( for the character.");
        At++;
        return lookahead == '\0' ? inside : Condition(new RegexTree.Lookahead(inside, IsNegative: lookahead == '!'));
    }

    /// <summary>Flags for the rest of the group, such as <c>(?i)</c>; null if there are none here.</summary>
    private Func<Flags, Flags>? InlineFlags()
    {
        if (_syntax.IsEcma || !Peek("(?")) return null;
        var start = At;
        At += 2;
        while (At < _pattern.Length && (char.IsAsciiLetter(_pattern[At]) || _pattern[At] == '-')) At++;
        var isFlags = At > start + 2 && Peek(")");
        var end = At + 1;
        At = start;
        if (!isFlags) return null;
        return flags =>
        {
            At = start + 2;
            flags = ReadFlags(flags);
            At = end;
            return flags;
        };
    }

    private Flags ReadFlags(Flags flags)
    {
        for (var value = true; At < _pattern.Length && (char.IsAsciiLetter(_pattern[At]) || _pattern[At] == '-'); At++)
        {
            flags = _pattern[At] switch
            {
                '-' => flags,
                'i' => flags with { IgnoreCase = value },
                's' => flags with { DotAll = value },
                'u' => flags,
                _ => throw Error($"the flag {_pattern[At]} is not supported. Known are i (any case), s (a dot matches ends of line) and u."),
            };
            if (_pattern[At] == '-') value = false;
        }

        return flags;
    }

    private bool Peek(string text) => _pattern.AsSpan(At).StartsWith(text, StringComparison.Ordinal);

    private RequestException Error(string reason) => _source.Error(At, reason);

    private readonly record struct Flags(bool IgnoreCase, bool DotAll);
}
