using ArchGen.Architectures;
using ArchGen.CommandLine;
using ArchGen.Fixtures;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

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

    /// <summary>What an assembly says of its language is checked also where no build has written a list beside it.</summary>
    [Theory]
    [InlineData(", Language = 7", 7)]
    [InlineData("", 0)]
    [InlineData(", Language = 1", null)]
    public void Architectures_of_another_language_are_refused(string stated, int? language)
    {
        using TemporaryFolder folder = new();
        var file = Path.Combine(folder.Path, "Mine.dll");
        var source = $"[assembly: ArchGen.CatalogAttribute(typeof(Mine.Catalog){stated})] namespace Mine {{ public static class Catalog {{ "
            + "public static System.Collections.Generic.IReadOnlyList<ArchGen.ArchitectureInfo> Own => []; } }";
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var name && (name.StartsWith("System.", StringComparison.Ordinal) || name is "ArchGen.Dsl.dll"))
            .Select(path => MetadataReference.CreateFromFile(path));
        Assert.True(CSharpCompilation.Create("Mine", [CSharpSyntaxTree.ParseText(source)], references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)).Emit(file).Success);
        var run = Archgen.Run("--architectures", file, "architectures");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(
            language is null ? "it declares no architectures"
                : $"it was built with version {language} of the language of architectures, and this reads version 1. Build it with the package ArchGen ",
            run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void It_has_architectures() =>
        Assert.Contains("has no architectures", Assert.Throws<RequestException>(() => new ArchgenProgram([])).Message, StringComparison.Ordinal);

    /// <summary>Help, examples, messages and hints call it by its own name, also where a library's message names a command.</summary>
    [Theory]
    [MemberData(nameof(EveryCommandTests.Names), MemberType = typeof(EveryCommandTests))]
    public void Its_help_has_its_own_name(string command)
    {
        var (exitCode, help, _) = RunAs("my-quill", [.. command.Split(' '), "--help"]);
        Assert.Equal(0, exitCode);
        Assert.Contains($"my-quill {command}", help, StringComparison.Ordinal);
        Assert.Contains($"Examples:\n  my-quill {command}", help, StringComparison.Ordinal);
        Assert.DoesNotContain("archgen", help, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_messages_have_its_own_name()
    {
        Assert.Equal("my-quill: There is no command 'rum'. Did you mean run?\nSee 'my-quill --help'.\n", RunAs("my-quill", "rum").Error);
        Assert.EndsWith("\nSee 'my-quill run --help'.\n", RunAs("my-quill", "run", "--none").Error, StringComparison.Ordinal);
        // The message of a library.
        var (_, _, error) = RunAs("my-quill", "edit", SharedFixtures.Local("models/stories260K.gguf"), "--remove", "xyz", "--dry-run");
        Assert.StartsWith("my-quill: ", error, StringComparison.Ordinal);
        Assert.EndsWith("has no key xyz. 'my-quill inspect' lists its keys.\n", error, StringComparison.Ordinal);
        Assert.DoesNotContain("archgen ", RunAs("my-quill", "help", "--markdown").Out, StringComparison.Ordinal);
    }

    private static (int ExitCode, string Out, string Error) Run(params string[] arguments) => RunAs("archgen", arguments);

    private static (int ExitCode, string Out, string Error) RunAs(string name, params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        var exitCode = CommandTree.Run(arguments, new Terminal(output, error, IsInteractive: false) { ProgramName = name }, Own);
        return (exitCode, output.ToString().ReplaceLineEndings("\n"), error.ToString().ReplaceLineEndings("\n"));
    }
}
