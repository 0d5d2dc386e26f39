using System.Text.Json;
using ArchGen.Cli;
using ArchGen.CommandLine;

namespace ArchGen.Server.Tests.Settings;

/// <summary>The samples of a unit and of a container start the server with options that it has.</summary>
public sealed class PackagingTests
{
    [Fact]
    public void The_unit_starts_the_server()
    {
        var line = File.ReadLines(Path.Combine(Repository.Root, "packaging", "archgen.service"))
            .Single(line => line.StartsWith("ExecStart=", StringComparison.Ordinal));
        AssertParses(line["ExecStart=".Length..].Split(' ')[1..]);
    }

    [Fact]
    public void The_container_starts_the_server()
    {
        var line = File.ReadLines(Path.Combine(Repository.Root, "packaging", "Dockerfile"))
            .Single(line => line.StartsWith("ENTRYPOINT ", StringComparison.Ordinal));
        using var words = JsonDocument.Parse(line["ENTRYPOINT ".Length..]);
        AssertParses([.. words.RootElement.EnumerateArray().Skip(1).Select(word => word.GetString()!)]);
    }

    private static void AssertParses(string[] arguments)
    {
        Assert.Equal("serve", arguments[0]);
        var parsed = CommandTree.Commands(new Terminal(TextWriter.Null, TextWriter.Null, IsInteractive: false), BuiltIn.Program).Parse(arguments);
        Assert.Empty(parsed.Errors);
        Assert.Empty(parsed.UnmatchedTokens);
    }
}
