using System.Text;

namespace ArchGen.Tokenizers.HuggingFace.Patterns;

/// <summary>
/// A regular expression over code points: tries the alternatives in order, as Oniguruma does, with a stack of its own, and gives up with an error
/// where a pattern and a text together would take forever.
/// </summary>
internal sealed class Pattern
{
    private readonly PatternInstruction[] _code;
    private readonly int _registers;
    private readonly string _pattern;
    private readonly string _source;
    private readonly bool[] _begins = new bool[129]; // by ASCII character, and beyond: whether a match may begin with it

    public Pattern(string pattern, string source)
    {
        (_pattern, _source) = (pattern, source);
        (_code, _registers) = PatternCompiler.Compile(pattern, source);
        FindBeginnings(0, []);
    }

    /// <summary>A pattern for a text as it stands.</summary>
    public static Pattern Literal(string text, string source)
    {
        StringBuilder escaped = new();
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii && !Rune.IsLetterOrDigit(rune) && rune.Value >= ' ') escaped.Append('\\');
            escaped.Append(rune);
        }

        return new(escaped.ToString(), source);
    }

    /// <summary>Appends where the matches in a text are. An empty match directly behind another is none.</summary>
    public void FindAll(ReadOnlySpan<char> text, List<(int Start, int End)> matches)
    {
        Matcher matcher = new(this, text.Length);
        var last = -1;
        for (var position = 0; position <= text.Length;)
        {
            var first = position < text.Length ? Math.Min((int)text[position], 128) : 128;
            var end = _begins[first] || position == text.Length ? matcher.Match(text, 0, position) : -1;
            if (end < 0 || (end == position && last == end))
            {
                position += position < text.Length && char.IsHighSurrogate(text[position]) && position + 1 < text.Length ? 2 : 1;
                continue;
            }

            matches.Add((position, end));
            position = last = end;
        }
    }

    private void FindBeginnings(int at, HashSet<int> seen)
    {
        if (!seen.Add(at)) return;
        var instruction = _code[at];
        switch (instruction.Op)
        {
            case PatternOp.Set or PatternOp.Run:
                for (var c = 0; c < 128; c++) _begins[c] |= instruction.Set!.Contains(c);
                _begins[128] = true;
                if (instruction.Op == PatternOp.Run && instruction.Min == 0) FindBeginnings(at + 1, seen);
                break;
            case PatternOp.Split:
                FindBeginnings(instruction.A, seen);
                FindBeginnings(instruction.B, seen);
                break;
            case PatternOp.Jump:
                FindBeginnings(instruction.A, seen);
                break;
            case PatternOp.Mark:
                FindBeginnings(at + 1, seen);
                break;
            default:
                Array.Fill(_begins, true);
                break;
        }
    }

    private sealed class Matcher(Pattern pattern, int textLength)
    {
        private readonly PatternInstruction[] _code = pattern._code;
        private readonly int[] _marks = new int[pattern._registers];
        private (int At, int Position, int Least, int Choices)[] _stack = new (int, int, int, int)[64];
        private int _depth;
        private List<(int At, int Position)>? _choices; // on the way of the look-aheads under way
        private Dictionary<(int At, int Position), bool>? _outcomes; // whether a look-ahead goes well from there
        private long _steps = 100_000_000 + 4000L * textLength;

        /// <summary>Where a match of the instructions from one on ends, or -1.</summary>
        /// <param name="looksAhead">Whether it matters only that there is one, not where it ends.</param>
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
                    case PatternOp.Run when TryRun(text, code, at, ref position):
                        at++;
                        continue;
                    case PatternOp.Split:
                        if (looksAhead)
                        {
                            if (_outcomes is not null && _outcomes.TryGetValue((at, position), out var goesWell))
                            {
                                if (!goesWell) break;
                                _depth = bottom;
                                return position;
                            }

                            (_choices ??= []).Add((at, position));
                        }

                        Push(code.B, position, -1);
                        at = code.A;
                        continue;
                    case PatternOp.Jump:
                        at = code.A;
                        continue;
                    case PatternOp.LookAhead when LooksWell(text, at + 1, position) != code.Flag:
                        at = code.A;
                        continue;
                    case PatternOp.Atomic when Match(text, at + 1, position) is >= 0 and var end:
                        position = end;
                        at = code.A;
                        continue;
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
                    case PatternOp.Progress when position > _marks[code.A]:
                        at++;
                        continue;
                }

                if (!TryPop(text, bottom, out at, out position)) return -1;
            }
        }

        /// <summary>
        /// Whether the instructions match. A loop in a look-ahead goes over the rest of a number or a word from each of its places: what came of a choice is
        /// remembered, so that it is done once.
        /// </summary>
        private bool LooksWell(ReadOnlySpan<char> text, int at, int position)
        {
            var first = _choices?.Count ?? 0;
            var matches = Match(text, at, position, looksAhead: true) >= 0;
            Remember(first, matches);
            return matches;
        }

        /// <summary>What came of the choices from one on, which are then no longer on the way.</summary>
        private void Remember(int first, bool wentWell)
        {
            if (_choices is null || _choices.Count <= first) return;
            _outcomes ??= [];
            for (var i = first; i < _choices.Count; i++) _outcomes[_choices[i]] = wentWell;
            _choices.RemoveRange(first, _choices.Count - first);
        }

        private bool TryRun(ReadOnlySpan<char> text, in PatternInstruction code, int at, ref int position)
        {
            var (count, end) = (0, position);
            var least = position;
            var most = code.Lazy ? code.Min : code.Max;
            while (count < most && end < text.Length && code.Set!.Contains(PointAt(text, end, out var length)))
            {
                end += length;
                if (++count == code.Min) least = end;
            }

            _steps -= count;
            if (count < code.Min) return false;
            if (code.Lazy && count < code.Max) Push(at, end, count == code.Max ? -1 : -2 - (code.Max == int.MaxValue ? int.MaxValue / 2 : code.Max - count));
            else if (!code.Flag && end > least) Push(at + 1, end, least);
            position = end;
            return true;
        }

        /// <summary>Takes up the last choice that is left: a run gives one code point back, a lazy run takes one more.</summary>
        private bool TryPop(ReadOnlySpan<char> text, int bottom, out int at, out int position)
        {
            (at, position) = (0, 0);
            while (_depth > bottom)
            {
                ref var top = ref _stack[_depth - 1];
                (at, position) = (top.At, top.Position);
                Remember(top.Choices, wentWell: false); // all that was tried since
                if (top.Least == -1)
                {
                    _depth--;
                    return true;
                }

                if (top.Least >= 0)
                {
                    position -= position - 2 >= top.Least && char.IsLowSurrogate(text[position - 1]) && char.IsHighSurrogate(text[position - 2]) ? 2 : 1;
                    if (position == top.Least) _depth--;
                    else top.Position = position;
                    return true;
                }

                var left = -2 - top.Least;
                if (left == 0 || position >= text.Length || !_code[at].Set!.Contains(PointAt(text, position, out var length)))
                {
                    _depth--;
                    continue;
                }

                position += length;
                (top.Position, top.Least) = (position, -2 - (left - 1));
                at++;
                return true;
            }

            return false;
        }

        private void Push(int at, int position, int least)
        {
            if (_depth == _stack.Length) Array.Resize(ref _stack, _depth < 1 << 26 ? _depth * 2 : throw pattern.TooSlow());
            _stack[_depth++] = (at, position, least, _choices?.Count ?? 0);
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
            PointAt(text, position >= 2 && char.IsLowSurrogate(text[position - 1]) && char.IsHighSurrogate(text[position - 2]) ? position - 2 : position - 1, out _);
    }

    private RequestException TooSlow() => new(
        $"{_source}: the pattern {Gguf.MessageText.Quote(_pattern)} takes too long on this text. Split the text, or use a tokenizer with a simpler pattern.");
}
