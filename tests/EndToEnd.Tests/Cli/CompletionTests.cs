using System.Diagnostics;
using ArchGen.Architectures;
using ArchGen.CommandLine;
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
    [InlineData("my-quill.2 insp", "inspect")]
    [InlineData("my-quill.2 grammar ch", "check")]
    public async Task Bash_completes(string line, string expected)
    {
        if (OperatingSystem.IsWindows()) return;
        var name = line.Split(' ')[0];
        CompletedProgram.Write(_folder, name);
        const string script = """
            eval "$2"
            COMP_LINE="$1"; COMP_POINT=${#1}; read -ra COMP_WORDS <<< "$1"; COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            $3 "${COMP_WORDS[0]}"
            printf '%s\n' "${COMPREPLY[@]}"
            """;
        string[] arguments = ["-c", script, "bash", line, Script("bash", name), "_" + name.Replace('-', '_').Replace('.', '_')];
        var start = new ProcessStartInfo("bash", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{_folder.Path}:{start.Environment["PATH"]}";
        using var bash = Process.Start(start)!;
        var (output, error) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
        await bash.WaitForExitAsync();
        Assert.Equal((expected + "\n", ""), (await output, await error));
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _my_quill_2 my-quill.2")]
    [InlineData("zsh", "compdef _my_quill_2 my-quill.2")]
    [InlineData("fish", "complete -c my-quill.2 -a '(__my_quill_2)'")]
    [InlineData("pwsh", "-CommandName my-quill.2")]
    public void A_program_of_ones_own_has_its_name(string shell, string part)
    {
        var script = Script(shell, "my-quill.2");
        Assert.Contains(part, script, StringComparison.Ordinal);
        Assert.DoesNotContain("archgen", script, StringComparison.Ordinal);
        Assert.DoesNotContain("{program}", script, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/usr/bin/archgen", "/opt/archgen.dll", "archgen")]
    [InlineData("/opt/quill-0.1", "/opt/Quill.dll", "quill-0.1")]
    [InlineData("/opt/Quill.EXE", "/opt/Quill.dll", "Quill")]
    [InlineData("/usr/bin/dotnet", "/opt/my.models.dll", "my.models")]
    [InlineData(null, "quill", "quill")]
    public void The_name_is_that_of_the_file(string? process, string assembly, string name) => Assert.Equal(name, Terminal.RunningName(process, assembly));

    [Theory]
    [InlineData("my quill")]
    [InlineData("a$(b)")]
    [InlineData("-a")]
    public void A_name_that_a_shell_would_read_is_refused(string name) =>
        Assert.StartsWith($"{name}: The program's name '{name}' has characters", Script("bash", name), StringComparison.Ordinal);

    [Theory]
    [InlineData("zsh", "#compdef archgen")]
    [InlineData("fish", "complete -c archgen")]
    [InlineData("pwsh", "Register-ArgumentCompleter -Native -CommandName archgen")]
    [InlineData("powershell", "Register-ArgumentCompleter -Native -CommandName archgen")]
    public void Each_shell_has_a_script(string shell, string part) => Assert.Contains(part, Archgen.Run("completion", shell).Out, StringComparison.Ordinal);

    private static string Script(string shell, string name) => CompletedProgram.Script(shell, name);

    [Fact]
    public void Another_shell_is_named_with_those_that_there_are()
    {
        var run = Archgen.Run("completion", "tcsh");
        Assert.Equal((1, "archgen: There is no script for 'tcsh'. Choose one of bash, zsh, fish, pwsh.\n"), (run.ExitCode, run.Error));
    }
}
