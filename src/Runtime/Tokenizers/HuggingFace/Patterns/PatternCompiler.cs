namespace ArchGen.Tokenizers.HuggingFace.Patterns;

/// <summary>
/// Compiles a regular expression in the notation of Oniguruma (doc/RE, Ruby syntax), which tokenizer.json is written in. What it does not know, such as
/// back references, is an error: a pattern that is half understood gives wrong tokens.
/// </summary>
internal sealed class PatternCompiler
{
    private readonly PatternReader _reader;
    private readonly CodePointSetParser _sets;
    private readonly PatternCode _code;
    private PatternOptions _options;

    private PatternCompiler(string pattern, string source)
    {
        _reader = new(pattern, source);
        _sets = new(_reader);
        _code = new(_reader);
    }

    public static (PatternInstruction[] Code, int Registers) Compile(string pattern, string source)
    {
        PatternCompiler compiler = new(pattern, source);
        compiler.Alternatives();
        if (compiler._reader.Current >= 0) throw compiler._reader.Unsupported("an unmatched \")\"");
        return (compiler._code.Complete(), compiler._code.Registers);
    }

    private void Alternatives()
    {
        _reader.Enter("groups");
        var options = _options;
        var start = _code.Count;
        Sequence();
        List<int> jumps = [];
        while (_reader.TryTake("|"))
        {
            _code.Insert(start, new(PatternOp.Split, A: start + 1, B: _code.Count + 2));
            jumps.Add(_code.Count);
            _code.Emit(new(PatternOp.Jump));
            start = _code.Count;
            Sequence();
        }

        foreach (var jump in jumps) _code[jump] = _code[jump] with { A = _code.Count };
        _options = options;
        _reader.Leave();
    }

    private void Sequence()
    {
        while (_reader.Current is not (-1 or '|' or ')')) Repeated();
    }

    private void Repeated()
    {
        var start = _code.Count;
        Atom();
        while (ReadQuantifier(out var min, out var max, out var interval))
        {
            var possessive = !interval && _reader.TryTake("+");
            var lazy = !possessive && _reader.TryTake("?");
            _code.Repeat(start, min, max, possessive, lazy);
        }
    }

    private bool ReadQuantifier(out int min, out int max, out bool interval)
    {
        (min, max, interval) = (0, int.MaxValue, false);
        var before = _reader.Position;
        if (_reader.TryTake("*")) return true;
        if (_reader.TryTake("+")) return (min = 1) == 1;
        if (_reader.TryTake("?")) return (max = 1) == 1;
        if (!_reader.TryTake("{")) return false;
        var (low, comma, high) = (_reader.ReadNumber(), _reader.TryTake(","), _reader.ReadNumber());
        if (!_reader.TryTake("}") || (low < 0 && high < 0))
        {
            _reader.Position = before; // a brace that is no quantifier is a character
            return false;
        }

        interval = true;
        min = Math.Max(low, 0);
        max = high >= 0 ? high : comma ? int.MaxValue : min;
        return max >= min ? true : throw _reader.Unsupported("a repetition whose maximum is below its minimum");
    }

    private void Atom()
    {
        if (_reader.TryTake("(")) Group();
        else if (_reader.TryTake("^")) _code.Emit(new(PatternOp.Start));
        else if (_reader.TryTake("$")) _code.Emit(new(PatternOp.End));
        else if (_reader.TryTake(".")) _code.Emit(new(PatternOp.Set, _sets.Dot(_options)));
        else if (_reader.TryTake("[")) _code.Emit(new(PatternOp.Set, _sets.Bracket(_options)));
        else if (_reader.Current is '*' or '+' or '?') throw _reader.Unsupported("a repetition of nothing");
        else if (_reader.Current == '\\' && TryAnchor() is { } anchor) _code.Emit(anchor);
        else _code.Emit(new(PatternOp.Set, _sets.Single(_options)));
    }

    private void Group()
    {
        if (_reader.TryTake("?:"))
        {
            Close();
        }
        else if (_reader.TryTake("?="))
        {
            Nested(PatternOp.LookAhead, flag: false);
        }
        else if (_reader.TryTake("?!"))
        {
            Nested(PatternOp.LookAhead, flag: true);
        }
        else if (_reader.TryTake("?>"))
        {
            Nested(PatternOp.Atomic, flag: false);
        }
        else if (_reader.TryTake("?<="))
        {
            LookBehind(negative: false);
        }
        else if (_reader.TryTake("?<!"))
        {
            LookBehind(negative: true);
        }
        else if (_reader.TryTake("?#"))
        {
            while (_reader.Current >= 0 && !_reader.TryTake(")")) _reader.Position++;
        }
        else if (_reader.TryTake("?<") || _reader.TryTake("?P<"))
        {
            while (_reader.Current >= 0 && !_reader.TryTake(">")) _reader.Position++;
            Close();
        }
        else if (_reader.TryTake("?"))
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
        if (!_reader.TryTake(")")) throw _reader.Unsupported("a group that is not closed");
    }

    private void Nested(PatternOp op, bool flag)
    {
        var start = _code.Count;
        _code.Emit(new(op, Flag: flag));
        Close();
        _code.Emit(new(PatternOp.Match));
        _code[start] = _code[start] with { A = _code.Count };
    }

    private void LookBehind(bool negative)
    {
        var start = _code.Count;
        Close();
        if (_code.Count != start + 1 || _code[start].Op != PatternOp.Set) throw _reader.Unsupported("a look-behind of more than one character");
        _code[start] = new(PatternOp.LookBehind, _code[start].Set, Flag: negative);
    }

    private void Options()
    {
        var options = _options;
        for (var on = true; _reader.Current is not (':' or ')'); _reader.Position++)
        {
            if (_reader.Current == '-') on = false;
            else if (_reader.Current == 'i') options = options with { IgnoreCase = on };
            else if (_reader.Current is 'm' or 's') options = options with { DotAll = on };
            else throw _reader.Unsupported("an unknown option of a group");
        }

        var before = _options;
        _options = options;
        if (_reader.TryTake(")")) return; // The options hold up to the end of the enclosing group.
        _reader.Position++;
        Close();
        _options = before;
    }

    private PatternInstruction? TryAnchor()
    {
        if (_reader.TryTake("\\b")) return new(PatternOp.WordBoundary);
        if (_reader.TryTake("\\B")) return new(PatternOp.WordBoundary, Flag: true);
        if (_reader.TryTake("\\A")) return new(PatternOp.Start, Flag: true);
        if (_reader.TryTake("\\z")) return new(PatternOp.End, Flag: true);
        return null;
    }
}
