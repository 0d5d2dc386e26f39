using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Filters;

/// <summary>Breaks a line into lines of at most a width, as Python's textwrap does.</summary>
/// <param name="text">The text that has the line.</param>
/// <param name="width">The most code points of a line.</param>
/// <param name="breaksLongWords">Whether a word longer than a line is broken.</param>
/// <param name="breaksOnHyphens">Whether a line may end after a hyphen inside of a word.</param>
internal sealed class WordWrap(JinjaString text, int width, bool breaksLongWords, bool breaksOnHyphens)
{
    private readonly string _text = text.Value;

    /// <summary>The lines, as positions in the text.</summary>
    public IEnumerable<(int Start, int End)> Wrap(int start, int end)
    {
        var chunks = Chunks(start, end).ToList();
        var isFirst = true;
        for (var i = 0; i < chunks.Count;)
        {
            // White space that would begin a line, but the first, is dropped; so is what ends one.
            if (!isFirst && IsSpace(chunks[i])) i++;
            if (i == chunks.Count) break;
            var (from, to) = (chunks[i].Start, chunks[i].Start);
            while (i < chunks.Count && Count(from, chunks[i].End) <= width) to = chunks[i++].End;
            if (i < chunks.Count && Count(chunks[i].Start, chunks[i].End) > width && (breaksLongWords || to == from))
            {
                to = breaksLongWords ? text.PositionOf(text.CodePointOf(from) + width) : chunks[i].End;
                if (to < chunks[i].End) chunks[i] = (to, chunks[i].End);
                else i++;
            }

            while (to > from && IsSpace(_text[to - 1])) to--;
            if (to == from) continue;
            isFirst = false;
            yield return (from, to);
        }
    }

    private bool IsSpace((int Start, int End) chunk) => IsSpace(_text[chunk.Start]);

    // That of ASCII only.
    private static bool IsSpace(char c) => c is ' ' or '\t' or '\n' or '\r' or '\v' or '\f';

    private int Count(int start, int end) => text.CodePointOf(end) - text.CodePointOf(start);

    // White space, and words, which end after their hyphens.
    private IEnumerable<(int Start, int End)> Chunks(int start, int end)
    {
        for (var i = start; i < end;)
        {
            var from = i++;
            var isSpace = IsSpace(_text[from]);
            while (i < end && IsSpace(_text[i]) == isSpace && !(breaksOnHyphens && !isSpace && IsAfterHyphen(from, i, end))) i++;
            yield return (from, i);
        }
    }

    // After a hyphen between letters, two before it and one behind.
    private bool IsAfterHyphen(int from, int at, int end) => _text[at - 1] == '-' && at - 3 >= from && at + 1 < end
        && char.IsLetter(_text[at - 2]) && char.IsLetter(_text[at - 3]) && char.IsLetter(_text[at]) && char.IsLetter(_text[at + 1]);
}
