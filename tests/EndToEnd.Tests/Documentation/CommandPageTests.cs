using ArchGen.EndToEnd.Tests.Cli;
using ArchGen.EndToEnd.Tests.Structure;
using ArchGen.Fixtures;

namespace ArchGen.EndToEnd.Tests.Documentation;

/// <summary>docs/commands.md is what the commands say of themselves. A run with ARCHGEN_ACCEPT_SNAPSHOTS=1 writes it anew.</summary>
public sealed class CommandPageTests
{
    private const string Page = "docs/commands.md", Mark = "a test compares. -->\n\n";

    [Fact]
    public void The_page_is_that_of_the_commands()
    {
        var page = Repository.Read(Page);
        var expected = page[..(page.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length)] + Archgen.Run("help", "--markdown").Out;
        if (Environment.GetEnvironmentVariable("ARCHGEN_ACCEPT_SNAPSHOTS") == "1") File.WriteAllText(Path.Combine(SharedFixtures.Root, Page), expected);
        Assert.Equal(expected, Repository.Read(Page));
    }

    [Fact]
    public void Every_command_has_a_section()
    {
        var page = Repository.Read(Page);
        Assert.All(EveryCommandTests.Commands(), command => Assert.Contains($"\n## archgen {command.Name}\n", page, StringComparison.Ordinal));
    }
}
