using System.Globalization;

namespace ArchGen.Grammars.JsonSchema.Patterns;

/// <summary>
/// Reads a regular expression as JSON Schema means it: ECMA-262, section 22.2, by code points. Backreferences, lookbehind and word boundaries are refused.
/// </summary>
internal sealed partial class PatternParser
{
    private const int MaxNesting = 100;
    private const int MaxBound = 100_000;
    private const int MaxLength = 20_000;

    private readonly string _text;
    private int _at;
    private int _nesting;
    private int _conditions;

    private PatternParser(string text) => _text = text;

    /// <exception cref="SchemaException">The pattern is invalid or not supported; the message has the position.</exception>
    public static PatternNode Parse(string text)
    {
        if (text.Length > MaxLength) throw new SchemaException($"the pattern has more than {MaxLength} characters");
        PatternParser parser = new(text);
        var node = parser.Choice();
        return parser._at < text.Length ? throw parser.Error("has a closing bracket that was not opened") : node;
    }

    private PatternNode Choice()
    {
        if (++_nesting > MaxNesting) throw Error($"is nested more than {MaxNesting} deep");
        List<PatternNode> parts = [Sequence()];
        while (Take('|')) parts.Add(Sequence());
        _nesting--;
        return parts.Count == 1 ? parts[0] : new ChoiceNode(parts);
    }

    private SequenceNode Sequence()
    {
        // Plain parts in a row are one part, so that what is worked out part by part is no deeper than the anchors and lookaheads are many.
        List<PatternNode> parts = [];
        List<PatternNode> plain = [];
        while (_at < _text.Length && _text[_at] is not ('|' or ')'))
        {
            var part = Quantified();
            if (part.IsPlain)
            {
                plain.Add(part);
                continue;
            }

            if (++_conditions > MaxNesting) throw Error($"has more than {MaxNesting} anchors and lookaheads");
            if (plain.Count > 0) parts.Add(plain.Count == 1 ? plain[0] : new SequenceNode([.. plain]));
            plain.Clear();
            parts.Add(part);
        }

        if (plain.Count > 0) parts.Add(plain.Count == 1 ? plain[0] : new SequenceNode([.. plain]));
        return new(parts);
    }

    private PatternNode Quantified()
    {
        var atom = Atom();
        while (_at < _text.Length && Quantifier() is var (min, max))
        {
            if (atom is AnchorNode) throw Error("repeats an anchor");
            if (_at < _text.Length && _text[_at] == '+') throw Error("has a possessive quantifier, which ECMA-262 does not have");
            Take('?');
            atom = new RepeatNode(atom, min, max);
        }

        return atom;
    }

    private (int Min, int? Max)? Quantifier()
    {
        if (Take('*')) return (0, null);
        if (Take('+')) return (1, null);
        if (Take('?')) return (0, 1);
        var start = _at;
        if (!Take('{')) return null;
        var min = Number();
        var max = min;
        if (min is not null && Take(',')) max = _at < _text.Length && _text[_at] == '}' ? -1 : Number();
        if (min is null || max is null || !Take('}'))
        {
            // A brace that begins no quantifier is a character.
            _at = start;
            return null;
        }

        if (max >= 0 && max < min) throw Error("has a quantifier whose bounds are out of order");
        if (min > MaxBound || max > MaxBound) throw Error($"repeats more than {MaxBound} times");
        return (min.Value, max < 0 ? null : max);
    }

    private int? Number()
    {
        var start = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at])) _at++;
        if (_at == start) return null;
        return int.TryParse(_text.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : int.MaxValue;
    }

    private PatternNode Atom()
    {
        var character = CodePoint();
        switch (character)
        {
            case '^':
                return new AnchorNode(IsStart: true);
            case '$':
                return new AnchorNode(IsStart: false);
            case '.':
                return new CharacterNode(PatternClasses.Dot);
            case '(':
                return Group();
            case '[':
                return new CharacterNode(Class());
            case '\\':
                return new CharacterNode(Escape(isInClass: false));
            case '*' or '+' or '?':
                throw Error("has a quantifier with nothing to repeat");
            default:
                return new CharacterNode(Only(character));
        }
    }

    private PatternNode Group()
    {
        var look = 0;
        if (Take('?'))
        {
            if (Take('=')) look = 1;
            else if (Take('!')) look = -1;
            else if (!Take(':')) Name();
        }

        var body = Choice();
        if (!Take(')')) throw Error("has a group that is not closed");
        return look == 0 ? body : new LookaheadNode(body, look < 0);
    }

    private void Name()
    {
        Take('P');
        if (!Take('<')) throw Error("has flags or another kind of group that ECMA-262 does not have");
        if (_at < _text.Length && _text[_at] is '=' or '!') throw Error("has a lookbehind, which is not supported");
        while (_at < _text.Length && _text[_at] != '>') _at++;
        if (!Take('>')) throw Error("has a group name that is not closed");
    }

    private int CodePoint()
    {
        var first = _text[_at++];
        return char.IsHighSurrogate(first) && _at < _text.Length && char.IsLowSurrogate(_text[_at]) ? char.ConvertToUtf32(first, _text[_at++]) : first;
    }

    private bool Take(char character)
    {
        if (_at >= _text.Length || _text[_at] != character) return false;
        _at++;
        return true;
    }

    private SchemaException Error(string what) => new($"the pattern \"{_text}\" {what} (character {Math.Min(_at, _text.Length)})");
}
