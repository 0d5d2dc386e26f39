using System.Text;

namespace ArchGen;

/// <summary>
/// The place of an error in a template, a grammar or a pattern: its line with a caret below. The file is compiled into each assembly that has a notation of
/// its own.
/// </summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column in code points, from 1.</param>
/// <param name="Text">The line; of a long one the part around the place. Control characters are spaces.</param>
/// <param name="Caret">Spaces and a caret under the place.</param>
internal readonly record struct SourceExcerpt(int Line, int Column, string Text, string Caret)
{
    private const int Width = 120;

    /// <summary>The excerpt at an index of a text; what is outside of it is its beginning or end.</summary>
    public static SourceExcerpt Of(string source, int index)
    {
        index = Math.Clamp(index, 0, source.Length);
        var start = source.AsSpan(0, index).LastIndexOf('\n') + 1;
        var end = source.IndexOf('\n', index);
        if (end < 0) end = source.Length;
        var from = Math.Max(start, Math.Min(index - (Width / 2), end - Width));
        if (from > start && char.IsLowSurrogate(source[from])) from--;
        var to = Math.Min(end, from + Width);
        var (head, tail) = (from > start ? "..." : "", to < end ? "..." : "");
        var caret = new string(' ', head.Length + CodePoints(source.AsSpan(from, index - from))) + '^';
        var text = $"{head}{Visible(source.AsSpan(from, to - from))}{tail}";
        return new(source.AsSpan(0, start).Count('\n') + 1, CodePoints(source.AsSpan(start, index - start)) + 1, text, caret);
    }

    private static int CodePoints(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var c in text)
        {
            if (!char.IsLowSurrogate(c)) count++;
        }

        return count;
    }

    private static string Visible(ReadOnlySpan<char> text)
    {
        var visible = new StringBuilder(text.Length);
        foreach (var c in text) visible.Append(char.IsControl(c) ? ' ' : c);
        return visible.ToString();
    }
}
