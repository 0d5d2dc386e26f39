using System.Globalization;
using System.Text;

namespace ArchGen.Templates;

/// <summary>The place of an error: its line, column, and the line's text with a caret below.</summary>
internal static class SourceExcerpt
{
    private const int Width = 120;

    public static (int Line, int Column) Locate(string source, int position)
    {
        position = Math.Clamp(position, 0, source.Length);
        var before = source.AsSpan(0, position);
        var start = before.LastIndexOf('\n') + 1;
        return (before.Count('\n') + 1, CodePoints(source.AsSpan(start, position - start)) + 1);
    }

    public static string Describe(TemplateErrorKind kind, string reason, string source, int position)
    {
        var (line, column) = Locate(source, position);
        position = Math.Clamp(position, 0, source.Length);
        var start = source.AsSpan(0, position).LastIndexOf('\n') + 1;
        var end = source.IndexOf('\n', position);
        if (end < 0) end = source.Length;
        // Of a very long line, the part around the error.
        var from = Math.Max(start, Math.Min(position - (Width / 2), end - Width));
        if (from > start && char.IsLowSurrogate(source[from])) from--;
        var to = Math.Min(end, from + Width);
        var (head, tail) = (from > start ? "..." : "", to < end ? "..." : "");
        var caret = new string(' ', head.Length + CodePoints(source.AsSpan(from, position - from)));
        var text = Visible(source.AsSpan(from, to - from));
        return string.Create(CultureInfo.InvariantCulture, $"{kind}: {reason}\n  line {line}, column {column}\n  {head}{text}{tail}\n  {caret}^");
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
