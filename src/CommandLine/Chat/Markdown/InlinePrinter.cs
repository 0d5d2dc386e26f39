using System.Text;

namespace ArchGen.CommandLine.Chat.Markdown;

/// <summary>Prints a line of Markdown: emphasis, strikethrough and code. From a mark on, text is held back until the mark that closes it has come.</summary>
/// <param name="output">The terminal.</param>
/// <param name="style">Its style, to which those of marks are added.</param>
internal sealed class InlinePrinter(TextWriter output, StyledText style)
{
    private const int MaxHeld = 500;
    private const string Escapable = "*_`~#\\";

    private readonly StringBuilder _held = new(); // a mark, and what came after it
    private char _before = ' '; // the character before it

    /// <summary>Takes the next character of the line.</summary>
    public void Add(char character)
    {
        if (_held.Length == 0 && !(character is '*' or '_' or '`' or '~' or '\\'))
        {
            Print(character);
            return;
        }

        _held.Append(character);
        // A mark that closes is as long as it will be once another character has come.
        if (_held[0] == '\\') AddEscape();
        else if (!TryPrint(isEnd: false) && (_held.Length > MaxHeld || IsNoMark())) PrintFirst();
    }

    /// <summary>Ends the line: what is held back is text.</summary>
    public void End()
    {
        while (_held.Length > 0)
        {
            if (_held[0] == '\\' || !TryPrint(isEnd: true)) PrintFirst();
        }
    }

    private void AddEscape()
    {
        if (_held.Length < 2) return;
        var escaped = _held[1];
        if (Escapable.Contains(escaped, StringComparison.Ordinal))
        {
            _held.Clear();
            Print(escaped);
            return;
        }

        PrintFirst();
    }

    // Prints the first mark as text and reads the rest anew.
    private void PrintFirst()
    {
        var text = _held.ToString();
        var run = text[0] == '\\' ? 1 : Run(text, 0);
        _held.Clear();
        foreach (var character in text.AsSpan(0, run)) Print(character);
        foreach (var character in text.AsSpan(run)) Add(character);
    }

    // No emphasis begins before a space, nor inside a word.
    private bool IsNoMark()
    {
        var run = Run(_held.ToString(), 0);
        if (run == _held.Length || _held[0] == '`') return false;
        if (char.IsWhiteSpace(_held[run])) return true;
        return (_held[0], run) switch
        {
            ('~', _) => run != 2,
            ('_', _) => run > 3 || char.IsLetterOrDigit(_before),
            // A product of numbers or names is more likely than emphasis in a word.
            _ => run > 3 || (run == 1 && char.IsAsciiLetterOrDigit(_before)),
        };
    }

    // Prints what is held back if it is complete: mark, text, mark. The character after it shows that the mark has ended.
    private bool TryPrint(bool isEnd)
    {
        var text = _held.ToString();
        var (mark, run) = (text[0], Run(text, 0));
        var end = isEnd ? text.Length : text.Length - 1;
        var close = end - run;
        if (close <= run || text[close] != mark || text[close - 1] == mark || Run(text, close) != run) return false;
        var next = isEnd ? ' ' : text[end];
        if (mark != '`')
        {
            if (char.IsWhiteSpace(text[run]) || char.IsWhiteSpace(text[close - 1]) || (mark == '_' && char.IsLetterOrDigit(next))) return false;
            // Not inside code.
            if (text.AsSpan(run, close - run).Count('`') % 2 != 0) return false;
        }

        _held.Clear();
        PrintStyled(text[run..close], mark, run);
        _before = mark;
        if (!isEnd) Add(next);
        return true;
    }

    private void PrintStyled(string text, char mark, int run)
    {
        var outer = style.Style;
        style.Set(outer | (mark switch
        {
            '`' => TextStyle.Code,
            '~' => TextStyle.Struck,
            _ => run switch { 1 => TextStyle.Emphasis, 2 => TextStyle.Strong, _ => TextStyle.Emphasis | TextStyle.Strong },
        }));
        if (mark == '`')
        {
            // One space on both sides lets code begin with a mark.
            output.Write(text.Length > 2 && text[0] == ' ' && text[^1] == ' ' ? text[1..^1] : text);
        }
        else
        {
            var inner = new InlinePrinter(output, style);
            foreach (var character in text) inner.Add(character);
            inner.End();
        }

        style.Set(outer);
    }

    private void Print(char character)
    {
        output.Write(character);
        _before = character;
    }

    private static int Run(string text, int at)
    {
        var end = at;
        while (end < text.Length && text[end] == text[at]) end++;
        return end - at;
    }
}
