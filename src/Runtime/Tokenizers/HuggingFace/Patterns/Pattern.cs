using System.Text;

namespace ArchGen.Tokenizers.HuggingFace.Patterns;

/// <summary>
/// A regular expression over code points. Alternatives are tried in order, as in Oniguruma, with an explicit stack; an error ends a match that would
/// take too many steps.
/// </summary>
internal sealed class Pattern
{
    private readonly PatternInstruction[] _code;
    private readonly int _registers;
    private readonly string _pattern;
    private readonly string _source;
    private readonly bool[] _begins = new bool[129]; // per ASCII character, and one for all others: whether a match may begin with it

    public Pattern(string pattern, string source)
    {
        (_pattern, _source) = (pattern, source);
        (_code, _registers) = PatternCompiler.Compile(pattern, source);
        FindBeginnings(0, []);
    }

    /// <summary>A pattern that matches exactly a given text.</summary>
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

    /// <summary>Appends the matches in a text. An empty match directly after another one is skipped.</summary>
    public void FindAll(ReadOnlySpan<char> text, List<(int Start, int End)> matches)
    {
        PatternMatcher matcher = new(this, _code, _registers, text.Length);
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

    /// <summary>The error for a match that takes too many steps.</summary>
    public RequestException TooSlow() => new(
        $"{_source}: the pattern {Gguf.MessageText.Quote(_pattern)} takes too long on this text. "
        + "Split the text, or use a tokenizer with a simpler pattern.");
}
