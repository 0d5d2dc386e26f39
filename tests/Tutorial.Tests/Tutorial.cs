using System.Text;
using System.Text.RegularExpressions;

namespace ArchGen.Tutorial.Tests;

/// <summary>docs/tutorial.md and what lies beside it, as the tests read them.</summary>
internal static partial class Tutorial
{
    /// <summary>The folder that stands for the root of a clone: it has <c>docs/tutorial</c>.</summary>
    public static string Root => AppContext.BaseDirectory;

    public static string Text { get; } = File.ReadAllText(Path.Combine(Root, "docs", "tutorial.md"));

    /// <summary>A file of the checkpoint, or the checkpoint itself.</summary>
    public static string Checkpoint(string file = "") => Path.Combine(Root, "docs", "tutorial", "quill", file);

    /// <summary>The fenced blocks of one language, of this page or another.</summary>
    public static IEnumerable<string> Blocks(string language, string? page = null)
    {
        StringBuilder? block = null;
        foreach (var line in (page ?? Text).Split('\n'))
        {
            if (block is null)
            {
                if (line == "```" + language) block = new();
            }
            else if (line == "```")
            {
                yield return block.ToString();
                block = null;
            }
            else
            {
                block.Append(line).Append('\n');
            }
        }
    }

    /// <summary>The command lines of the console blocks, each with what it prints.</summary>
    public static IEnumerable<(string Command, string Output)> Commands()
    {
        foreach (var block in Blocks("console"))
        {
            foreach (var part in block.Split("$ ", StringSplitOptions.RemoveEmptyEntries))
            {
                var end = part.IndexOf('\n');
                yield return (part[..end], part[(end + 1)..]);
            }
        }
    }

    /// <summary>The words of a command line; quotes keep spaces together.</summary>
    public static string[] Words(string command) => [.. Word().Matches(command).Select(m => m.Value.Trim('"'))];

    /// <summary>What a command prints, without the figures that differ from machine to machine.</summary>
    public static string WithoutFigures(string output) => Figures().Replace(output, "#");

    /// <summary>Whether an output is that of the tutorial, where a line <c>...</c> stands for any lines.</summary>
    public static bool IsShown(string shown, string output)
    {
        var pattern = string.Concat(WithoutFigures(shown).TrimEnd('\n').Split('\n').Select(line => line == "..." ? "(?:.*\n)*?" : Regex.Escape(line) + "\n"));
        return Regex.IsMatch(WithoutFigures(output).TrimEnd('\n') + "\n", $"^{pattern}$(?!\n)");
    }

    [GeneratedRegex("\"[^\"]*\"|[^ ]+")]
    private static partial Regex Word();

    [GeneratedRegex(@"\d+(\.\d+)?E[-+]\d+|\d+(\.\d+)? (s|ms|MB/s|tokens/s)\b")]
    private static partial Regex Figures();
}
