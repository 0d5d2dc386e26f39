using System.Globalization;
using System.Text;

namespace ArchGen.Tokenizers.HuggingFace.Patterns;

/// <summary>
/// Compiles a regular expression in the notation of Oniguruma (doc/RE, Ruby syntax), which tokenizer.json is written in. What it does not know, such as
/// back references, is an error: a pattern that is half understood gives wrong tokens.
/// </summary>
internal sealed class PatternCompiler
{
    private const int MostInstructions = 20_000;
    private const int DeepestNesting = 60;

    private readonly string _pattern;
    private readonly string _source;
    private readonly int[] _points;
    private readonly List<PatternInstruction> _code = [];
    private int _at;
    private int _depth;
    private int _registers;
    private bool _ignoreCase;
    private bool _dotAll;

    private PatternCompiler(string pattern, string source)
    {
        (_pattern, _source) = (pattern, source);
        _points = [.. pattern.EnumerateRunes().Select(rune => rune.Value)];
    }

    public static (PatternInstruction[] Code, int Registers) Compile(string pattern, string source)
    {
        PatternCompiler compiler = new(pattern, source);
        compiler.Alternatives();
        if (compiler._at < compiler._points.Length) throw compiler.Unknown("an unmatched \")\"");
        compiler._code.Add(new(PatternOp.Match));
        return ([.. compiler._code], compiler._registers);
    }

    private int Current => _at < _points.Length ? _points[_at] : -1;

    private void Alternatives()
    {
        if (++_depth > DeepestNesting) throw Unknown($"more than {DeepestNesting} nested groups");
        var (ignoreCase, dotAll) = (_ignoreCase, _dotAll);
        var start = _code.Count;
        Sequence();
        List<int> jumps = [];
        while (TryTake("|"))
        {
            Insert(start, new(PatternOp.Split, A: start + 1, B: _code.Count + 2));
            jumps.Add(_code.Count);
            Emit(new(PatternOp.Jump));
            start = _code.Count;
            Sequence();
        }

        foreach (var jump in jumps) _code[jump] = _code[jump] with { A = _code.Count };
        (_ignoreCase, _dotAll) = (ignoreCase, dotAll);
        _depth--;
    }

    private void Sequence()
    {
        while (Current is not (-1 or '|' or ')')) Repeated();
    }

    private void Repeated()
    {
        var start = _code.Count;
        Atom();
        while (ReadQuantifier(out var min, out var max, out var interval))
        {
            var possessive = !interval && TryTake("+");
            var lazy = !possessive && TryTake("?");
            Repeat(start, min, max, possessive, lazy);
        }
    }

    private void Repeat(int start, int min, int max, bool possessive, bool lazy)
    {
        if (_code.Count == start + 1 && _code[start].Op == PatternOp.Set)
        {
            _code[start] = new(PatternOp.Run, _code[start].Set, Min: min, Max: max, Flag: possessive, Lazy: lazy);
            return;
        }

        var body = _code[start..];
        _code.RemoveRange(start, body.Count);
        if (possessive) Emit(new(PatternOp.Atomic));
        for (var i = 0; i < min; i++) Copy(body, start, body.Count * (long)min);
        if (max == int.MaxValue)
        {
            // mark; split in, out; body; progress; back
            var register = _registers++;
            var loop = _code.Count;
            var end = loop + body.Count + 4;
            Emit(Split(loop + 1, end, lazy));
            Emit(new(PatternOp.Mark, A: register));
            Copy(body, start, body.Count);
            Emit(new(PatternOp.Progress, A: register));
            Emit(new(PatternOp.Jump, A: loop));
        }
        else
        {
            var end = _code.Count + (max - min) * (body.Count + 1);
            for (var i = min; i < max; i++)
            {
                Emit(Split(_code.Count + 1, end, lazy));
                Copy(body, start, body.Count * (long)(max - min));
            }
        }

        if (!possessive) return;
        Emit(new(PatternOp.Match));
        _code[start] = _code[start] with { A = _code.Count };
    }

    private static PatternInstruction Split(int inside, int outside, bool lazy) =>
        lazy ? new(PatternOp.Split, A: outside, B: inside) : new(PatternOp.Split, A: inside, B: outside);

    private void Copy(List<PatternInstruction> body, int from, long all)
    {
        if (_code.Count + all > MostInstructions) throw Unknown("repetitions of groups that make it too long");
        var shift = _code.Count - from;
        foreach (var instruction in body) Emit(Moved(instruction, shift));
    }

    private static PatternInstruction Moved(PatternInstruction instruction, int shift) => instruction.Op switch
    {
        PatternOp.Split or PatternOp.Jump or PatternOp.LookAhead or PatternOp.Atomic => instruction with { A = instruction.A + shift, B = instruction.B + shift },
        _ => instruction,
    };

    private void Insert(int at, PatternInstruction instruction)
    {
        for (var i = at; i < _code.Count; i++) _code[i] = Moved(_code[i], 1);
        _code.Insert(at, instruction);
    }

    private bool ReadQuantifier(out int min, out int max, out bool interval)
    {
        (min, max, interval) = (0, int.MaxValue, false);
        var before = _at;
        if (TryTake("*")) return true;
        if (TryTake("+")) return (min = 1) == 1;
        if (TryTake("?")) return (max = 1) == 1;
        if (!TryTake("{")) return false;
        var (low, comma, high) = (ReadNumber(), TryTake(","), ReadNumber());
        if (!TryTake("}") || (low < 0 && high < 0))
        {
            _at = before; // a brace that is no quantifier is a character
            return false;
        }

        interval = true;
        min = Math.Max(low, 0);
        max = high >= 0 ? high : comma ? int.MaxValue : min;
        return max >= min ? true : throw Unknown("a repetition whose maximum is below its minimum");
    }

    private int ReadNumber()
    {
        var number = -1;
        for (; Current is >= '0' and <= '9'; _at++) number = Math.Min(Math.Max(number, 0) * 10 + Current - '0', 100_000);
        return number;
    }

    private void Atom()
    {
        if (TryTake("(")) Group();
        else if (TryTake("^")) Emit(new(PatternOp.Start));
        else if (TryTake("$")) Emit(new(PatternOp.End));
        else if (TryTake(".")) Emit(new(PatternOp.Set, Dot()));
        else if (TryTake("[")) Emit(new(PatternOp.Set, Bracket()));
        else if (Current is '*' or '+' or '?') throw Unknown("a repetition of nothing");
        else if (Current == '\\' && TryAnchor() is { } anchor) Emit(anchor);
        else Emit(new(PatternOp.Set, Single()));
    }

    private void Group()
    {
        if (TryTake("?:"))
        {
            Close();
        }
        else if (TryTake("?="))
        {
            Nested(PatternOp.LookAhead, flag: false);
        }
        else if (TryTake("?!"))
        {
            Nested(PatternOp.LookAhead, flag: true);
        }
        else if (TryTake("?>"))
        {
            Nested(PatternOp.Atomic, flag: false);
        }
        else if (TryTake("?<="))
        {
            LookBehind(negative: false);
        }
        else if (TryTake("?<!"))
        {
            LookBehind(negative: true);
        }
        else if (TryTake("?#"))
        {
            while (Current >= 0 && !TryTake(")")) _at++;
        }
        else if (TryTake("?<") || TryTake("?P<"))
        {
            while (Current >= 0 && !TryTake(">")) _at++;
            Close();
        }
        else if (TryTake("?"))
        {
            Options();
        }
        else
        {
            Close();
        }
    }

    private void Close()
    {
        Alternatives();
        if (!TryTake(")")) throw Unknown("a group that is not closed");
    }

    private void Nested(PatternOp op, bool flag)
    {
        var start = _code.Count;
        Emit(new(op, Flag: flag));
        Close();
        Emit(new(PatternOp.Match));
        _code[start] = _code[start] with { A = _code.Count };
    }

    private void LookBehind(bool negative)
    {
        var start = _code.Count;
        Close();
        if (_code.Count != start + 1 || _code[start].Op != PatternOp.Set) throw Unknown("a look-behind of more than one character");
        _code[start] = new(PatternOp.LookBehind, _code[start].Set, Flag: negative);
    }

    private void Options()
    {
        var (ignoreCase, dotAll) = (_ignoreCase, _dotAll);
        for (var on = true; Current is not (':' or ')'); _at++)
        {
            if (Current == '-') on = false;
            else if (Current == 'i') ignoreCase = on;
            else if (Current is 'm' or 's') dotAll = on;
            else throw Unknown("an unknown option of a group");
        }

        if (_points[_at++] == ')')
        {
            // The options hold up to the end of the enclosing group.
            (_ignoreCase, _dotAll) = (ignoreCase, dotAll);
            return;
        }

        var before = (_ignoreCase, _dotAll);
        (_ignoreCase, _dotAll) = (ignoreCase, dotAll);
        Close();
        (_ignoreCase, _dotAll) = before;
    }

    private CodePointSet Dot()
    {
        CodePointSet set = new();
        if (!_dotAll) set.Add('\n', '\n');
        return set.Complete(negated: true, ignoreCase: false);
    }

    private CodePointSet Single()
    {
        CodePointSet set = new();
        if (!TryNamed(set))
        {
            var point = ReadCharacter();
            set.Add(point, point);
        }

        return set.Complete(negated: false, _ignoreCase);
    }

    private CodePointSet Bracket()
    {
        if (++_depth > DeepestNesting) throw Unknown($"more than {DeepestNesting} nested classes");
        CodePointSet set = new();
        var negated = TryTake("^");
        var first = true;
        for (; !TryTake("]") || first; first = false)
        {
            if (first && _at > 0 && _points[_at - 1] == ']' && _points[_at - 2] is '[' or '^')
            {
                set.Add(']', ']');
            }
            else if (Current < 0)
            {
                throw Unknown("a class that is not closed");
            }
            else if (TryTake("&&"))
            {
                // What follows up to the end is the other side.
                CodePointSet other = new();
                while (Current is not (-1 or ']')) Member(other);
                set.Intersect(other.Complete(negated: false, _ignoreCase));
            }
            else
            {
                Member(set);
            }
        }

        _depth--;
        return set.Complete(negated, _ignoreCase);
    }

    private void Member(CodePointSet set)
    {
        if (TryTake("[:"))
        {
            var negated = TryTake("^");
            var start = _at;
            while (Current is >= 'a' and <= 'z') _at++;
            var name = string.Concat(_points[start.._at].Select(point => (char)point));
            set.Add(name.Length > 1 && TryTake(":]") && CodePointSet.Named(name) is { } contains ? contains : throw Unknown($"the class [:{name}:]"), negated);
        }
        else if (TryTake("["))
        {
            set.Add(Bracket());
        }
        else if (!TryNamed(set))
        {
            var first = ReadCharacter();
            var isRange = Current == '-' && _at + 1 < _points.Length && _points[_at + 1] is not (']' or '[');
            if (isRange) _at++;
            var last = isRange ? ReadCharacter() : first;
            if (last < first) throw Unknown("a range whose end is before its beginning");
            set.Add(first, last);
        }
    }

    /// <summary>Reads <c>\s</c>, <c>\p{..}</c> and their like.</summary>
    private bool TryNamed(CodePointSet set)
    {
        if (Current != '\\' || _at + 1 >= _points.Length) return false;
        var letter = _points[_at + 1];
        if (letter is 's' or 'S' or 'd' or 'D' or 'w' or 'W' or 'h' or 'H')
        {
            _at += 2;
            set.Add(CodePointSet.Named(((char)(letter | 0x20)).ToString())!, negated: char.IsAsciiLetterUpper((char)letter));
            return true;
        }

        if (letter is not ('p' or 'P')) return false;
        _at += 2;
        var start = _at;
        while (Current is not (-1 or '}')) _at++;
        var name = string.Concat(_points[start.._at].Select(point => new Rune(point).ToString()));
        if (!name.StartsWith('{') || !TryTake("}")) throw Unknown("a property that is not in braces");
        var negated = name.StartsWith("{^", StringComparison.Ordinal);
        var key = name[(negated ? 2 : 1)..];
        if (key is "S" or "s") key = "symbol";
        else if (key is "h" or "w" or "d") key = "?";
        set.Add(CodePointSet.Named(key) ?? throw Unknown($"the property \\p{name}}}"), negated != (letter == 'P'));
        return true;
    }

    private PatternInstruction? TryAnchor()
    {
        if (TryTake("\\b")) return new(PatternOp.WordBoundary);
        if (TryTake("\\B")) return new(PatternOp.WordBoundary, Flag: true);
        if (TryTake("\\A")) return new(PatternOp.Start, Flag: true);
        if (TryTake("\\z")) return new(PatternOp.End, Flag: true);
        return null;
    }

    private int ReadCharacter()
    {
        if (Current < 0) throw Unknown("an end where a character should be");
        if (_points[_at++] != '\\') return _points[_at - 1];
        var letter = Current;
        _at++;
        return letter switch
        {
            'r' => '\r',
            'n' => '\n',
            't' => '\t',
            'f' => '\f',
            'v' => '\v',
            'a' => '\a',
            'e' => 0x1B,
            '0' => 0,
            'x' when TryTake("{") => ReadHexadecimal(8, "}"),
            'x' => ReadHexadecimal(2, ""),
            'u' => ReadHexadecimal(4, ""),
            < 0 => throw Unknown("a \"\\\" at its end"),
            _ when letter < 128 && char.IsAsciiLetterOrDigit((char)letter) => throw Unknown($"\\{(char)letter}"),
            _ => letter,
        };
    }

    private int ReadHexadecimal(int digits, string end)
    {
        var start = _at;
        while (_at - start < digits && Current is >= 0 and < 128 && char.IsAsciiHexDigit((char)Current)) _at++;
        var text = string.Concat(_points[start.._at].Select(point => (char)point));
        var isNumber = int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 0x10FFFF;
        return isNumber && (end.Length == 0 || TryTake(end)) ? value : throw Unknown("a broken hexadecimal character");
    }

    private void Emit(PatternInstruction instruction)
    {
        if (_code.Count >= MostInstructions) throw Unknown("too many parts");
        _code.Add(instruction);
    }

    private bool TryTake(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (_at + i >= _points.Length || _points[_at + i] != text[i]) return false;
        }

        _at += text.Length;
        return true;
    }

    private ModelFileException Unknown(string what) => new(
        $"{_source}: the pattern {Gguf.MessageText.Quote(_pattern)} has {what} at character {_at}, which is not supported; "
        + "to guess would give wrong tokens.");
}
