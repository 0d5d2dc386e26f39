using ArchGen.CommandLine;
using ArchGen.Fixtures;

namespace ArchGen.Tutorial.Tests;

/// <summary>The tutorial shows the declaration as it is, and its commands print what it says.</summary>
public sealed class TutorialTests
{
    [Fact]
    public void The_code_is_that_of_the_file()
    {
        var file = File.ReadAllText(Path.Combine(Tutorial.Root, "docs", "tutorial", "Quill.cs"));
        Assert.Equal(Lines(file), Lines(string.Concat(Tutorial.Blocks("csharp"))));

        static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    [Fact]
    public void The_commands_print_what_it_says()
    {
        using TemporaryFolder folder = new();
        var commands = Tutorial.Commands().ToList();
        Assert.True(commands.Count >= 8, $"only {commands.Count} commands");
        foreach (var (command, shown) in commands)
        {
            var words = Tutorial.Words(command);
            Assert.Equal("archgen", words[0]);
            using StringWriter output = new();
            CommandTree.Run([.. words[1..].Select(Placed)], new Terminal(output, output, IsInteractive: false), TestProgram.Program);
            // What is written stands in a folder of its own, and the checkpoint beside this assembly.
            var printed = output.ToString().ReplaceLineEndings("\n").Replace(folder.Path + "/", "", StringComparison.Ordinal);
            Assert.True(Tutorial.IsShown(shown, printed), $"$ {command}\n{printed}\nThe tutorial has:\n{shown}");
        }

        string Placed(string word) =>
            word.StartsWith("docs/", StringComparison.Ordinal) ? Path.Combine(Tutorial.Root, word)
            : word.EndsWith(".gguf", StringComparison.Ordinal) || word.EndsWith(".json", StringComparison.Ordinal) ? folder.File(word)
            : word;
    }

    [Fact]
    public void Another_output_would_be_noticed()
    {
        Assert.True(Tutorial.IsShown("a\n...\nc 3.0E-1\n", "a\nb\nb\nc 2.0E-3\n"));
        Assert.False(Tutorial.IsShown("a\n...\nc\n", "a\nb\nd\n"));
        Assert.False(Tutorial.IsShown("a\n", "a\nb\n"));
    }
}
