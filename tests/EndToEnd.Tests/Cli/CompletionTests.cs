using System.Diagnostics;
using ArchGen.Fixtures;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary><c>archgen completion</c>: the script works in the shell itself.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("archgen insp", "inspect")]
    [InlineData("archgen merge-", "merge-lora")]
    [InlineData("archgen graph llama --for", "--format")]
    [InlineData("archgen graph llama --format m", "mermaid")]
    [InlineData("archgen grammar ch", "check")]
    [InlineData("archgen completion f", "fish")]
    [InlineData("archgen nonsense", "")]
    public async Task Bash_completes(string line, string expected)
    {
        if (OperatingSystem.IsWindows()) return;
        // The program under its own name, as it is installed.
        var program = _folder.File("archgen");
        File.WriteAllText(program, $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "archgen.dll")}' \"$@\"\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        const string script = """
            eval "$(archgen completion bash)"
            COMP_LINE="$1"; COMP_POINT=${#1}; read -ra COMP_WORDS <<< "$1"; COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _archgen archgen
            printf '%s\n' "${COMPREPLY[@]}"
            """;
        var start = new ProcessStartInfo("bash", ["-c", script, "bash", line]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{_folder.Path}:{start.Environment["PATH"]}";
        using var bash = Process.Start(start)!;
        var (output, error) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
        await bash.WaitForExitAsync();
        Assert.Equal((expected + "\n", ""), (await output, await error));
    }

    [Theory]
    [InlineData("zsh", "#compdef archgen")]
    [InlineData("fish", "complete -c archgen")]
    [InlineData("pwsh", "Register-ArgumentCompleter -Native -CommandName archgen")]
    [InlineData("powershell", "Register-ArgumentCompleter -Native -CommandName archgen")]
    public void Each_shell_has_a_script(string shell, string part) => Assert.Contains(part, Archgen.Run("completion", shell).Out, StringComparison.Ordinal);

    [Fact]
    public void Another_shell_is_named_with_those_that_there_are()
    {
        var run = Archgen.Run("completion", "tcsh");
        Assert.Equal((1, "archgen: There is no script for 'tcsh'. Choose one of bash, zsh, fish, pwsh.\n"), (run.ExitCode, run.Error));
    }
}
