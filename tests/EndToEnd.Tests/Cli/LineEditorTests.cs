using ArchGen.CommandLine.Chat;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary>The keys with which a line is edited.</summary>
public sealed class LineEditorTests
{
    [Theory]
    [InlineData("abc\n", "abc")]
    [InlineData("ac<b\n", "abc")]
    [InlineData("abX#c\n", "abc")]
    [InlineData("bc^a\n", "abc")]
    [InlineData("bc(a)d\n", "abcd")]
    [InlineData("junk~abc\n", "abc")]
    [InlineData("one two%three\n", "one three")]
    [InlineData("abXYZ<<<?\n", "ab")]
    [InlineData("a🎈#b\n", "ab")]
    [InlineData("a🎈<<x\n", "xa🎈")]
    public void Keys_edit_the_line(string keys, string expected) => Assert.Equal(expected, Read(keys, 1)[0]);

    [Fact]
    public void Earlier_lines_come_back()
    {
        Assert.Equal(["one", "two", "one"], Read("one\ntwo\n[[\n", 3));
        Assert.Equal(["one", "two", "two!"], Read("one\ntwo\n[[]!\n", 3));
    }

    [Fact]
    public void A_backslash_or_a_block_makes_several_lines()
    {
        Assert.Equal("one\ntwo", Read("one\\\ntwo\n", 1)[0]);
        Assert.Equal($"one{Environment.NewLine}two", Read("\"\"\"\none\ntwo\n\"\"\"\n", 1)[0]);
    }

    [Fact]
    public void The_end_of_the_input_ends()
    {
        Assert.Null(Read("$", 1)[0]);
        Assert.Null(Read("", 1)[0]);
        // With characters on the line the key deletes.
        Assert.Equal("bc", Read("abc($\n", 1)[0]);
    }

    [Fact]
    public void A_line_longer_than_the_terminal_is_shown_in_part()
    {
        var output = new StringWriter();
        var keys = new Queue<char>(new string('x', 50) + "\n");
        var editor = new LineEditor(output, () => keys.TryDequeue(out var key) ? Key(key) : null, () => 20);
        Assert.Equal(new string('x', 50), editor.Read("> "));
        Assert.All(output.ToString().Split('\r'), part => Assert.True(part.Count(c => c == 'x') <= 20));
    }

    private static string?[] Read(string keys, int count)
    {
        var queue = new Queue<char>(keys);
        var editor = new LineEditor(TextWriter.Null, () => queue.TryDequeue(out var key) ? Key(key) : null, () => 80);
        return [.. Enumerable.Range(0, count).Select(_ => editor.Read("> "))];
    }

    // Signs that stand for keys.
    private static ConsoleKeyInfo Key(char sign) => sign switch
    {
        '\n' => Plain(ConsoleKey.Enter),
        '<' => Plain(ConsoleKey.LeftArrow),
        '#' => Plain(ConsoleKey.Backspace),
        '(' or '^' => Plain(ConsoleKey.Home),
        ')' => Plain(ConsoleKey.End),
        '[' => Plain(ConsoleKey.UpArrow),
        ']' => Plain(ConsoleKey.DownArrow),
        '~' => Control(ConsoleKey.U),
        '%' => Control(ConsoleKey.W),
        '?' => Control(ConsoleKey.K),
        '$' => Control(ConsoleKey.D),
        _ => new ConsoleKeyInfo(sign, ConsoleKey.None, false, false, false),
    };

    private static ConsoleKeyInfo Plain(ConsoleKey key) => new('\0', key, false, false, false);

    private static ConsoleKeyInfo Control(ConsoleKey key) => new('\u0001', key, false, false, true);
}
