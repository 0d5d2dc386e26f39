using ArchGen.Architectures;
using ArchGen.CommandLine;
using ArchGen.Fixtures;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary>The commands in a program of one's own: they know its architectures and no others.</summary>
public sealed class OwnProgramTests
{
    private static readonly ArchgenProgram Own = new([.. Catalog.All.Where(a => a.Name is "llama" or "gpt2")]);

    [Fact]
    public void It_lists_its_architectures()
    {
        var (exitCode, output, _) = Run("architectures");
        Assert.Equal(0, exitCode);
        Assert.Equal(["gpt2", "llama"], output.Split('\n').Where(line => line.Length > 0 && line[0] != ' ').Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public void It_runs_their_models_and_no_others()
    {
        Assert.Equal(0, Run("run", SharedFixtures.Local("models/stories260K.gguf"), "-p", "Once", "-n", "4").ExitCode);
        using TemporaryFolder folder = new();
        var (exitCode, _, error) = Run("graph", ArchitectureFixture.Load("qwen3").WriteGguf(folder.Path));
        Assert.Equal(1, exitCode);
        Assert.Contains("general.architecture is \"qwen3\"", error, StringComparison.Ordinal);
        Assert.Contains("gpt2, llama", error, StringComparison.Ordinal);
    }

    /// <summary>It has no model of its own: a command asks for one, and its help promises none.</summary>
    [Theory]
    [InlineData("run")]
    [InlineData("chat", "-p", "Hello")]
    [InlineData("serve")]
    [InlineData("inspect")]
    [InlineData("bench")]
    [InlineData("template", "--capabilities")]
    public void A_model_must_be_named(params string[] arguments)
    {
        var (exitCode, _, error) = Run(arguments);
        Assert.Equal(1, exitCode);
        Assert.Equal("archgen: There is no model. Name its file, as MODEL or with -m FILE.\n", error);
        Assert.DoesNotContain("Wren", Run(arguments[0], "--help").Out, StringComparison.Ordinal);
        Assert.Contains("Without it, the embedded model Wren.", Archgen.Run(arguments[0], "--help").Out.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    /// <summary>Only a program that can load assemblies has the option.</summary>
    [Fact]
    public void Architectures_of_a_file_are_the_tools()
    {
        var (exitCode, _, error) = Run("--architectures", "my.dll", "architectures");
        Assert.Equal(1, exitCode);
        Assert.Contains("--architectures", error, StringComparison.Ordinal);
        var tool = Archgen.Run("--architectures", "my.dll", "architectures");
        Assert.StartsWith("archgen: --architectures my.dll: there is no such file.", tool.Error, StringComparison.Ordinal);
        Assert.Equal(1, tool.ExitCode);
    }

    [Fact]
    public void It_has_architectures() =>
        Assert.Contains("has no architectures", Assert.Throws<RequestException>(() => new ArchgenProgram([])).Message, StringComparison.Ordinal);

    private static (int ExitCode, string Out, string Error) Run(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        var exitCode = CommandTree.Run(arguments, new Terminal(output, error, IsInteractive: false), Own);
        return (exitCode, output.ToString().ReplaceLineEndings("\n"), error.ToString().ReplaceLineEndings("\n"));
    }
}
