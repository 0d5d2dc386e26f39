namespace ArchGen.Tokenizers.HuggingFace.Patterns;

/// <summary>The instructions of a pattern while it is compiled.</summary>
/// <param name="reader">The text of the pattern, for errors.</param>
internal sealed class PatternCode(PatternReader reader)
{
    private const int MaxInstructions = 20_000;

    private readonly List<PatternInstruction> _code = [];

    /// <summary>The number of instructions.</summary>
    public int Count => _code.Count;

    /// <summary>The number of registers that loops use.</summary>
    public int Registers { get; private set; }

    /// <summary>An instruction by its index.</summary>
    public PatternInstruction this[int at]
    {
        get => _code[at];
        set => _code[at] = value;
    }

    /// <summary>Appends an instruction.</summary>
    /// <exception cref="ModelFileException">The pattern has too many.</exception>
    public void Emit(PatternInstruction instruction)
    {
        if (_code.Count >= MaxInstructions) throw reader.Unsupported("too many parts");
        _code.Add(instruction);
    }

    /// <summary>All instructions, with a last one that ends the match.</summary>
    public PatternInstruction[] Complete() => [.. _code, new(PatternOp.Match)];

    /// <summary>Repeats the instructions from one on, which are the last ones.</summary>
    /// <param name="start">The first of them.</param>
    /// <param name="min">The minimum of repetitions.</param>
    /// <param name="max">The maximum of repetitions; <see cref="int.MaxValue"/> for no limit.</param>
    /// <param name="possessive">Whether no repetition is given back.</param>
    /// <param name="lazy">Whether few repetitions are preferred.</param>
    public void Repeat(int start, int min, int max, bool possessive, bool lazy)
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
            var register = Registers++;
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
        if (_code.Count + all > MaxInstructions) throw reader.Unsupported("repetitions of groups that make it too long");
        var shift = _code.Count - from;
        foreach (var instruction in body) Emit(Moved(instruction, shift));
    }

    private static PatternInstruction Moved(PatternInstruction instruction, int shift) => instruction.Op switch
    {
        PatternOp.Split or PatternOp.Jump or PatternOp.LookAhead or PatternOp.Atomic =>
            instruction with { A = instruction.A + shift, B = instruction.B + shift },
        _ => instruction,
    };

    /// <summary>Inserts an instruction and moves the targets of those after it.</summary>
    public void Insert(int at, PatternInstruction instruction)
    {
        for (var i = at; i < _code.Count; i++) _code[i] = Moved(_code[i], 1);
        _code.Insert(at, instruction);
    }
}
