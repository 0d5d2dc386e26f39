namespace ArchGen.CommandLine;

/// <summary>A table to be read by people, aligned, or in Markdown.</summary>
/// <param name="headers">The heads of its columns; columns whose head ends with &gt; are aligned to the right, for numbers.</param>
internal sealed class TextTable(params string[] headers)
{
    private readonly bool[] _isRight = Array.ConvertAll(headers, h => h.EndsWith('>'));
    private readonly List<string[]> _rows = [Array.ConvertAll(headers, h => h.TrimEnd('>'))];

    /// <summary>Appends a row.</summary>
    public void Add(params string[] cells) =>
        _rows.Add(cells.Length == headers.Length ? cells : throw new ArgumentException($"{cells.Length} cells; expected {headers.Length}.", nameof(cells)));

    /// <summary>Prints columns separated by spaces.</summary>
    public void PrintText(TextWriter output)
    {
        var widths = Widths();
        foreach (var row in _rows) output.WriteLine(("  " + string.Join("  ", row.Select((cell, i) => Padded(cell, i, widths)))).TrimEnd());
    }

    /// <summary>Prints a table of GitHub's Markdown.</summary>
    public void PrintMarkdown(TextWriter output)
    {
        foreach (var row in _rows) for (var i = 0; i < row.Length; i++) row[i] = row[i].Replace("|", "\\|", StringComparison.Ordinal);
        var widths = Widths();
        Line(_rows[0].Select((cell, i) => Padded(cell, i, widths)));
        Line(widths.Select((width, i) => _isRight[i] ? new string('-', width - 1) + ":" : new string('-', width)));
        foreach (var row in _rows.Skip(1)) Line(row.Select((cell, i) => Padded(cell, i, widths)));

        void Line(IEnumerable<string> cells) => output.WriteLine($"| {string.Join(" | ", cells)} |");
    }

    private int[] Widths() => [.. headers.Select((_, i) => Math.Max(3, _rows.Max(row => row[i].Length)))];

    private string Padded(string cell, int column, int[] widths) => _isRight[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]);
}
