using ArchGen.CommandLine.Chat.Markdown;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary>Markdown on a terminal. In the expected texts styles are written as [strong], [em], [code], [dim], [struck] and [/], which ends all.</summary>
public sealed class MarkdownTests
{
    [Theory]
    [InlineData("plain text, 2 * 3 * 4, a_b_c, x*y*z, ~5, C:\\dir\n", "plain text, 2 * 3 * 4, a_b_c, x*y*z, ~5, C:\\dir\n")]
    [InlineData("a **bold** word", "a [strong]bold[/] word")]
    [InlineData("an *odd* and an _odd_ word", "an [em]odd[/] and an [em]odd[/] word")]
    [InlineData("***both***, ~~gone~~", "[strong][em]both[/], [struck]gone[/]")]
    [InlineData("**bold with `code` and *em* in it**", "[strong]bold with [/][strong][code]code[/][strong] and [/][strong][em]em[/][strong] in it[/]")]
    [InlineData("`a * b` and ``x ` y`` and ` `` `", "[code]a * b[/] and [code]x ` y[/] and [code]``[/]")]
    [InlineData("*a `*` b*", "[em]a [/][em][code]*[/][em] b[/]")]
    [InlineData("\\*no\\* \\_no\\_ \\d \\", "*no* _no_ \\d \\")]
    [InlineData("中文**粗体**中文", "中文[strong]粗体[/]中文")]
    [InlineData("not **closed\nnor *here\nnor `there\nargs: *args, **kwargs\n", "not **closed\nnor *here\nnor `there\nargs: *args, **kwargs\n")]
    public void Emphasis_and_code_are_styled(string text, string expected) => Assert.Equal(expected, Print(text));

    [Theory]
    [InlineData("# Title\nText", "[strong]Title[/]\nText")]
    [InlineData("### A *b* c\n", "[strong]A [/][strong][em]b[/][strong] c[/]\n")]
    [InlineData("#include <x>\n####### no\n#\n", "#include <x>\n####### no\n#\n")]
    [InlineData("- one\n  * **two**\n+ three\n-x\n1. four\n", "[strong]• [/]one\n  [strong]• [/][strong]two[/]\n[strong]• [/]three\n-x\n1. four\n")]
    [InlineData("> said\n>> twice\n>\n", "[dim]│ [/]said\n[dim]│ [/][dim]│ [/]twice\n>\n")]
    [InlineData("> # Title\n", "[dim]│ [/][strong]Title[/]\n")]
    [InlineData("| a | **b** |\n|---|---|\n", "| a | **b** |\n|---|---|\n")]
    [InlineData("**bold** first\n*em* first\n", "[strong]bold[/] first\n[em]em[/] first\n")]
    [InlineData("--\n---x\n", "--\n---x\n")]
    public void Lines_are_styled_by_their_marks(string text, string expected) => Assert.Equal(expected, Print(text));

    [Theory]
    [InlineData("---\n")]
    [InlineData("*****\n")]
    [InlineData("___\n")]
    public void A_rule_is_a_line(string text) => Assert.Matches("^\\[dim\\]─+\\[/\\]\n$", Print(text));

    [Theory]
    [InlineData("```py\n# no *title*\n``\n\n- x\n```\n*em*\n",
        "[dim]```py[/]\n[code]# no *title*[/]\n[code]``[/]\n[code][/]\n[code]- x[/]\n[code][/][dim]```[/]\n[em]em[/]\n")]
    [InlineData("~~~\n```\n~~~~\n", "[dim]~~~[/]\n[code]```[/]\n[code][/][dim]~~~~[/]\n")]
    [InlineData("- list\n  ```\n  x\n  ```\n", "[strong]• [/]list\n[dim]  ```[/]\n[code]  x[/]\n[code][/][dim]  ```[/]\n")]
    [InlineData("> ```\n> x\n> ```\nend\n", "[dim]│ [/][dim]```[/]\n[code]> x[/]\n[code][/][dim]> ```[/]\nend\n")]
    [InlineData("```one``` line\n", "[code]one[/] line\n")]
    [InlineData("```\nnever closed", "[dim]```[/]\n[code]never closed[/]")]
    [InlineData("```\nx\n```", "[dim]```[/]\n[code]x[/]\n[code][/][dim]```[/]")]
    public void Code_stays_as_it_is(string text, string expected) => Assert.Equal(expected, Print(text));

    [Fact]
    public void What_is_printed_does_not_depend_on_the_parts_it_comes_in_and_loses_only_marks()
    {
        var random = new Random(1);
        string[] pieces = ["*", "**", "_", "`", "```", "~", "#", "# ", "- ", "> ", "\n", " ", "\\", "|", "---", "a", "word", "7", "粗", "🎈", "."];
        for (var round = 0; round < 3000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 25)).Select(_ => pieces[random.Next(pieces.Length)]));
            var whole = Print(text);
            Assert.Equal(whole, Print(text, random));
            Assert.Equal(Words(text), Words(Plain(text)));
            Assert.Equal(text.Count(c => c == '\n'), whole.Count(c => c == '\n'));
        }
    }

    [Fact]
    public void Text_without_marks_is_printed_at_once()
    {
        var output = new StringWriter();
        var printer = new MarkdownPrinter(output);
        foreach (var part in (string[])["No", " mark", "s here", ", 1 + 1", "\n", "none"])
        {
            var before = output.ToString();
            printer.Write(part);
            Assert.Equal(before + part, output.ToString());
        }
    }

    [Fact]
    public void A_mark_that_is_not_closed_holds_back_no_more_than_its_line()
    {
        var output = new StringWriter();
        var printer = new MarkdownPrinter(output);
        printer.Write("see **" + new string('x', 2000));
        Assert.True(output.ToString().Length > 1400);
        printer.Write("\n");
        Assert.Equal("see **" + new string('x', 2000) + "\n", output.ToString());
    }

    private static string Words(string text) => string.Concat(text.Where(char.IsLetterOrDigit));

    private static string Print(string text, Random? parts = null) => Raw(text, parts)
        .Replace("\u001b[0m", "[/]", StringComparison.Ordinal)
        .Replace("\u001b[1m", "[strong]", StringComparison.Ordinal).Replace("\u001b[2m", "[dim]", StringComparison.Ordinal)
        .Replace("\u001b[3m", "[em]", StringComparison.Ordinal).Replace("\u001b[9m", "[struck]", StringComparison.Ordinal)
        .Replace("\u001b[36m", "[code]", StringComparison.Ordinal);

    private static string Plain(string text) => System.Text.RegularExpressions.Regex.Replace(Raw(text, null), "\u001b\\[[0-9]+m", "");

    private static string Raw(string text, Random? parts)
    {
        var output = new StringWriter();
        var printer = new MarkdownPrinter(output);
        for (var i = 0; i < text.Length;)
        {
            var count = parts is null ? text.Length : Math.Min(parts.Next(1, 5), text.Length - i);
            printer.Write(text.Substring(i, count));
            i += count;
        }

        printer.End();
        return output.ToString();
    }
}
