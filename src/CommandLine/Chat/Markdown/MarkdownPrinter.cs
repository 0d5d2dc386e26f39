using System.Text;

namespace ArchGen.CommandLine.Chat.Markdown;

/// <summary>
/// Prints Markdown on a terminal while it comes: headings and emphasis styled, code coloured, marks of lists and quotations as signs. What was printed is never
/// changed: characters that may be a mark are held back until that is known, at most to the end of their line. Tables, links and HTML stay as they are.
/// CommonMark 0.31, but emphasis or code that is not closed on its line is text.
/// </summary>
internal sealed class MarkdownPrinter
{
    private const string Bullet = "• ", Quotation = "│ ";
    private const int RuleLength = 40;

    private readonly TextWriter _output;
    private readonly StringWriter _shown = new();
    private readonly StyledText _style;
    private readonly StringBuilder _begin = new(); // of a line, until its kind is known
    private LineKind _kind;
    private InlinePrinter? _inline; // of a line of text
    private string _fence = ""; // the marks that opened a block of code; empty outside
    private bool _isQuoted; // whether the line, or that of the fence, is in a quotation

    /// <summary>A printer before any text.</summary>
    /// <param name="output">The terminal, which shows escape sequences.</param>
    public MarkdownPrinter(TextWriter output) => (_output, _style) = (output, new StyledText(_shown));

    private enum LineKind
    {
        /// <summary>Not known yet.</summary>
        Open,

        /// <summary>Text with emphasis.</summary>
        Text,

        /// <summary>A line that is printed as it is: of code, or of a table.</summary>
        Plain,
    }

    /// <summary>Prints the next part of a text.</summary>
    public void Write(string text)
    {
        foreach (var character in text)
        {
            if (character == '\n') EndLine();
            else if (_kind == LineKind.Open) Begin(character);
            else if (_kind == LineKind.Text) _inline!.Add(character);
            else _shown.Write(character);
        }

        Show();
    }

    /// <summary>Prints what is held back, and ends all styles.</summary>
    public void End()
    {
        if (_begin.Length > 0) PrintLine();
        _inline?.End();
        _style.Clear();
        (_kind, _inline, _fence, _isQuoted) = (LineKind.Open, null, "", false);
        Show();
    }

    private void EndLine()
    {
        if (_kind == LineKind.Open) PrintLine();
        _inline?.End();
        _style.Clear();
        _shown.Write('\n');
        (_kind, _inline, _isQuoted) = (LineKind.Open, null, _isQuoted && _fence.Length > 0);
        if (_fence.Length > 0) _style.Set(TextStyle.Code);
    }

    // Adds a character to the beginning of a line, and prints it as soon as its kind is known.
    private void Begin(char character)
    {
        _begin.Append(character);
        var marks = Marks();
        if (marks.Length == 0) return;
        if (_fence.Length > 0)
        {
            if (!_fence.StartsWith(marks, StringComparison.Ordinal) && !IsFenceEnd(marks)) BeginPlain();
            return;
        }

        var rest = marks.TrimStart(marks[0]);
        var run = marks.Length - rest.Length;
        switch (marks[0])
        {
            case '#' when run <= 6 && rest.Length == 0:
            case '`' when rest.Length == 0 || (run >= 3 && !rest.Contains('`')):
            case '~' when rest.Length == 0 || run >= 3:
            case '-' or '*' or '+' or '_' when rest.Length == 0:
            case '>' when marks.Length == 1:
                break; // more has to come
            case '#' when run <= 6 && rest is " ":
                _style.Set(TextStyle.Strong);
                BeginText("");
                break;
            case '-' or '*' or '+' when run == 1 && rest is " ":
                PrintMark(Bullet, TextStyle.Strong, marks.Length);
                break;
            case '>':
                _isQuoted = true;
                PrintMark(Quotation, TextStyle.Dim, marks.Length);
                if (marks[1] != ' ') Begin(marks[1]);
                break;
            case '|':
                BeginPlain();
                break;
            default:
                BeginText(_begin.ToString());
                break;
        }
    }

    // The beginning without its indentation. A fence inside a quotation ends inside it.
    private string Marks() => _fence.Length > 0 && _isQuoted ? _begin.ToString().TrimStart(' ', '>') : _begin.ToString().TrimStart(' ');

    // What follows the mark may be a heading, a list or code again.
    private void PrintMark(string sign, TextStyle style, int marks)
    {
        _shown.Write(new string(' ', _begin.Length - marks));
        _style.Set(style);
        _shown.Write(sign);
        _style.Clear();
        _begin.Clear();
    }

    private void BeginText(string text)
    {
        _kind = LineKind.Text;
        _begin.Clear();
        _inline = new InlinePrinter(_shown, _style);
        foreach (var character in text) _inline.Add(character);
    }

    private void BeginPlain()
    {
        _kind = LineKind.Plain;
        _shown.Write(_begin);
        _begin.Clear();
    }

    // A whole line whose kind could not be known before its end.
    private void PrintLine()
    {
        var marks = Marks();
        if (_fence.Length > 0 ? IsFenceEnd(marks) : marks.StartsWith("```", StringComparison.Ordinal) || marks.StartsWith("~~~", StringComparison.Ordinal))
        {
            _fence = _fence.Length > 0 ? "" : marks[..(marks.Length - marks.TrimStart(marks[0]).Length)];
            _style.Set(TextStyle.Dim);
            BeginPlain();
        }
        else if (_fence.Length > 0)
        {
            BeginPlain();
        }
        else if (marks.Length >= 3 && marks[0] is '-' or '*' or '_' && marks.AsSpan().Trim(marks[0]).IsEmpty)
        {
            PrintMark(new string('─', RuleLength), TextStyle.Dim, marks.Length);
        }
        else
        {
            BeginText(_begin.ToString());
        }
    }

    private bool IsFenceEnd(string marks) => marks.Length >= _fence.Length && marks.AsSpan().TrimEnd(' ').TrimStart(_fence[0]).IsEmpty;

    private void Show()
    {
        var text = _shown.GetStringBuilder();
        _output.Write(text);
        text.Clear();
    }
}
