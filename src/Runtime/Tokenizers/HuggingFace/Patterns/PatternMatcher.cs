namespace ArchGen.Tokenizers.HuggingFace.Patterns;

/// <summary>Matches a pattern at positions of one text, by backtracking.</summary>
internal sealed class PatternMatcher(Pattern pattern, PatternInstruction[] instructions, int registers, int textLength)
{
    private readonly PatternInstruction[] _code = instructions;
    private readonly int[] _marks = new int[registers];
    private (int At, int Position, int Min, int Choices)[] _stack = new (int, int, int, int)[64];
    private int _depth;
    private List<(int At, int Position)>? _choices; // those taken in the current look-aheads
    private Dictionary<(int At, int Position), bool>? _outcomes; // whether a look-ahead matches after a choice
    private long _steps = 100_000_000 + 4000L * textLength;

    /// <summary>The end of a match of the instructions from one on, or -1.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The first instruction.</param>
    /// <param name="position">The start of the match.</param>
    /// <param name="looksAhead">Whether the end of the match has no meaning, as in a look-ahead.</param>
    public int Match(ReadOnlySpan<char> text, int at, int position, bool looksAhead = false)
    {
        var bottom = _depth;
        while (true)
        {
            if (--_steps < 0) throw pattern.TooSlow();
            ref readonly var code = ref _code[at];
            switch (code.Op)
            {
                case PatternOp.Match:
                    _depth = bottom;
                    return position;
                case PatternOp.Set when position < text.Length && code.Set!.Contains(PointAt(text, position, out var length)):
                    position += length;
                    at++;
                    continue;
                case PatternOp.Split when looksAhead && FindOutcome(at, position) is { } matches:
                    if (!matches) break;
                    _depth = bottom;
                    return position;
                case PatternOp.Split:
                    Push(code.B, position, -1);
                    at = code.A;
                    continue;
                case PatternOp.Jump:
                case PatternOp.LookAhead when LooksAhead(text, at + 1, position) != code.Flag:
                    at = code.A;
                    continue;
                case PatternOp.Atomic when Match(text, at + 1, position) is >= 0 and var end:
                    position = end;
                    at = code.A;
                    continue;
                case PatternOp.Run when TryRun(text, code, at, ref position):
                case PatternOp.Progress when position > _marks[code.A]:
                case PatternOp.LookBehind when (position > 0 && code.Set!.Contains(PointBefore(text, position))) != code.Flag:
                case PatternOp.Start when position == 0 || (!code.Flag && text[position - 1] == '\n'):
                case PatternOp.End when position == text.Length || (!code.Flag && text[position] == '\n'):
                case PatternOp.WordBoundary when IsBoundary(text, position) != code.Flag:
                    at++;
                    continue;
                case PatternOp.Mark:
                    _marks[code.A] = position;
                    at++;
                    continue;
            }

            if (!TryPop(text, bottom, out at, out position)) return -1;
        }
    }

    /// <summary>
    /// Whether the instructions match. A loop in a look-ahead would read the rest of a number or a word from each of its positions: the outcomes of choices
    /// are kept, so that it is read once.
    /// </summary>
    private bool LooksAhead(ReadOnlySpan<char> text, int at, int position)
    {
        var first = _choices?.Count ?? 0;
        var matches = Match(text, at, position, looksAhead: true) >= 0;
        KeepOutcomes(first, matches);
        return matches;
    }

    // The outcome of a choice that was taken before. A new choice is added to those of the current look-aheads.
    private bool? FindOutcome(int at, int position)
    {
        if (_outcomes is not null && _outcomes.TryGetValue((at, position), out var matches)) return matches;
        (_choices ??= []).Add((at, position));
        return null;
    }

    /// <summary>Keeps the outcome of the choices from one on, and removes them from those of the current look-aheads.</summary>
    private void KeepOutcomes(int first, bool matches)
    {
        if (_choices is null || _choices.Count <= first) return;
        _outcomes ??= [];
        for (var i = first; i < _choices.Count; i++) _outcomes[_choices[i]] = matches;
        _choices.RemoveRange(first, _choices.Count - first);
    }

    private bool TryRun(ReadOnlySpan<char> text, in PatternInstruction code, int at, ref int position)
    {
        var (count, end) = (0, position);
        var minEnd = position;
        var max = code.Lazy ? code.Min : code.Max;
        while (count < max && end < text.Length && code.Set!.Contains(PointAt(text, end, out var length)))
        {
            end += length;
            if (++count == code.Min) minEnd = end;
        }

        _steps -= count;
        if (count < code.Min) return false;
        if (code.Lazy && count < code.Max) Push(at, end, count == code.Max ? -1 : -2 - (code.Max == int.MaxValue ? int.MaxValue / 2 : code.Max - count));
        else if (!code.Flag && end > minEnd) Push(at + 1, end, minEnd);
        position = end;
        return true;
    }

    /// <summary>Continues with the last choice that is left: a run without its last code point, or a lazy run with one more.</summary>
    private bool TryPop(ReadOnlySpan<char> text, int bottom, out int at, out int position)
    {
        (at, position) = (0, 0);
        while (_depth > bottom)
        {
            ref var top = ref _stack[_depth - 1];
            (at, position) = (top.At, top.Position);
            KeepOutcomes(top.Choices, matches: false); // those taken since
            if (top.Min == -1)
            {
                _depth--;
                return true;
            }

            if (top.Min >= 0)
            {
                position -= position - 2 >= top.Min && char.IsLowSurrogate(text[position - 1]) && char.IsHighSurrogate(text[position - 2]) ? 2 : 1;
                if (position == top.Min) _depth--;
                else top.Position = position;
                return true;
            }

            var left = -2 - top.Min;
            if (left == 0 || position >= text.Length || !_code[at].Set!.Contains(PointAt(text, position, out var length)))
            {
                _depth--;
                continue;
            }

            position += length;
            (top.Position, top.Min) = (position, -2 - (left - 1));
            at++;
            return true;
        }

        return false;
    }

    private void Push(int at, int position, int min)
    {
        if (_depth == _stack.Length) Array.Resize(ref _stack, _depth < 1 << 26 ? _depth * 2 : throw pattern.TooSlow());
        _stack[_depth++] = (at, position, min, _choices?.Count ?? 0);
    }

    private static bool IsBoundary(ReadOnlySpan<char> text, int position) =>
        (position > 0 && CodePointSet.IsWord(PointBefore(text, position)))
        != (position < text.Length && CodePointSet.IsWord(PointAt(text, position, out _)));

    private static int PointAt(ReadOnlySpan<char> text, int position, out int length)
    {
        var isPair = char.IsHighSurrogate(text[position]) && position + 1 < text.Length && char.IsLowSurrogate(text[position + 1]);
        length = isPair ? 2 : 1;
        return isPair ? char.ConvertToUtf32(text[position], text[position + 1]) : text[position];
    }

    private static int PointBefore(ReadOnlySpan<char> text, int position) =>
        PointAt(text, position - LengthBefore(text, position), out _);

    private static int LengthBefore(ReadOnlySpan<char> text, int position) =>
        position >= 2 && char.IsLowSurrogate(text[position - 1]) && char.IsHighSurrogate(text[position - 2]) ? 2 : 1;
}
