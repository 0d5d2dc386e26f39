using System.Text;

namespace ArchGen.CommandLine.Chat;

/// <summary>
/// Reads lines from a keyboard, with the keys of readline: arrows, Home and End, Ctrl-A, E, B, F, K, U, W, D, and up and down for earlier lines. A line that
/// ends with a backslash goes on in the next one, and so does all between lines of <c>"""</c>.
/// </summary>
/// <param name="output">Where the line is shown.</param>
/// <param name="readKey">Waits for a key; null at the end of the input.</param>
/// <param name="width">The columns of the terminal.</param>
internal sealed class LineEditor(TextWriter output, Func<ConsoleKeyInfo?> readKey, Func<int> width)
{
    private const string Block = "\"\"\"";

    private readonly List<string> _history = [];
    private readonly StringBuilder _line = new();
    private int _at;
    private int _historyAt;

    /// <summary>Reads a text, which may have several lines; null at the end of the input.</summary>
    /// <param name="prompt">What is before the first line.</param>
    public string? Read(string prompt)
    {
        if (ReadLine(prompt) is not { } first) return null;
        var text = new StringBuilder();
        if (first.Trim() == Block)
        {
            while (ReadLine("... ") is { } line && line.Trim() != Block) text.AppendLine(line);
            return text.ToString().TrimEnd('\n', '\r');
        }

        for (var line = first; line is not null; line = ReadLine("... "))
        {
            if (!line.EndsWith('\\')) return text.Append(line).ToString();
            text.Append(line.AsSpan(0, line.Length - 1)).Append('\n');
        }

        return text.ToString();
    }

    private string? ReadLine(string prompt)
    {
        _line.Clear();
        (_at, _historyAt) = (0, _history.Count);
        output.Write(prompt);
        output.Flush();
        while (readKey() is { } key)
        {
            if (key.Key == ConsoleKey.Enter)
            {
                output.WriteLine();
                var line = _line.ToString();
                if (line.Trim().Length > 0 && (_history.Count == 0 || _history[^1] != line)) _history.Add(line);
                return line;
            }

            if (IsControl(key, ConsoleKey.D) && _line.Length == 0) break;
            Apply(key);
            Show(prompt);
        }

        output.WriteLine();
        return null;
    }

    private void Apply(ConsoleKeyInfo key)
    {
        if ((key.Modifiers & ConsoleModifiers.Control) != 0 && Control(key.Key)) return;
        switch (key.Key)
        {
            case ConsoleKey.LeftArrow: _at = Before(_at); break;
            case ConsoleKey.RightArrow: _at = After(_at); break;
            case ConsoleKey.Home: _at = 0; break;
            case ConsoleKey.End: _at = _line.Length; break;
            case ConsoleKey.Backspace: Remove(Before(_at), _at); break;
            case ConsoleKey.Delete: Remove(_at, After(_at)); break;
            case ConsoleKey.UpArrow: Recall(_historyAt - 1); break;
            case ConsoleKey.DownArrow: Recall(_historyAt + 1); break;
            default:
                if (char.IsControl(key.KeyChar)) break;
                _line.Insert(_at++, key.KeyChar);
                break;
        }
    }

    private bool Control(ConsoleKey key)
    {
        switch (key)
        {
            case ConsoleKey.A: _at = 0; return true;
            case ConsoleKey.E: _at = _line.Length; return true;
            case ConsoleKey.B: _at = Before(_at); return true;
            case ConsoleKey.F: _at = After(_at); return true;
            case ConsoleKey.K: Remove(_at, _line.Length); return true;
            case ConsoleKey.U: Remove(0, _at); return true;
            case ConsoleKey.D: Remove(_at, After(_at)); return true;
            case ConsoleKey.W:
                var begin = _at;
                while (begin > 0 && _line[begin - 1] == ' ') begin--;
                while (begin > 0 && _line[begin - 1] != ' ') begin--;
                Remove(begin, _at);
                return true;
            default: return false;
        }
    }

    // A character beyond U+FFFF has two units, which stay together.
    private int Before(int at) => at == 0 ? 0 : at > 1 && char.IsSurrogatePair(_line[at - 2], _line[at - 1]) ? at - 2 : at - 1;

    private int After(int at) => at == _line.Length ? at : at + 1 < _line.Length && char.IsSurrogatePair(_line[at], _line[at + 1]) ? at + 2 : at + 1;

    private void Remove(int begin, int end)
    {
        _line.Remove(begin, end - begin);
        _at = begin;
    }

    private void Recall(int index)
    {
        if (index < 0 || index > _history.Count) return;
        _historyAt = index;
        _line.Clear().Append(index == _history.Count ? "" : _history[index]);
        _at = _line.Length;
    }

    // A line that is longer than the terminal shows the part around the cursor.
    private void Show(string prompt)
    {
        var columns = Math.Max(width() - prompt.Length - 1, 8);
        var begin = Math.Max(0, _at - columns + 1);
        var shown = _line.ToString(begin, Math.Min(columns, _line.Length - begin));
        output.Write($"\r\u001b[K{prompt}{shown}");
        if (shown.Length > _at - begin) output.Write($"\u001b[{shown.Length - (_at - begin)}D");
        output.Flush();
    }

    private static bool IsControl(ConsoleKeyInfo key, ConsoleKey letter) => key.Key == letter && (key.Modifiers & ConsoleModifiers.Control) != 0;
}
