using System.Diagnostics;
using ArchGen.Fixtures;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary>
/// The scripts of <c>archgen completion</c> in zsh and fish. A test is skipped where its shell is missing, or fails if ARCHGEN_TEST_SHELLS_REQUIRED is set,
/// as in CI; eng/get-shells.sh installs them on Debian.
/// </summary>
public sealed class ShellCompletionTests : IDisposable
{
    private const int Timeout = 120_000;

    /// <summary>A terminal in which zsh completes the word at the end of a line; a key then writes the line to a file.</summary>
    private const string Zsh = """
        zmodload zsh/zpty
        zpty z zsh -f -i
        zpty -w z "autoload -Uz compinit; compinit -D -u; source '$2'; _show() { print -r -- \"\$BUFFER\" > '$3'; exit }; zle -N _show; \
        bindkey '^X' _show; PS1='rea''dy> '"
        zpty -r z seen '*ready> *'
        zpty -w -n z "$1"$'\t\x18'
        while zpty -r z seen; do done
        """;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Lines => new()
    {
        { "archgen insp", "inspect" },
        { "archgen merge-", "merge-lora" },
        { "archgen graph llama --for", "--format" },
        { "archgen graph llama --format m", "mermaid" },
        { "archgen completion f", "fish" },
        { "archgen nonsense", "" },
        { "my-quill.2 grammar ch", "check" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = Timeout)]
    [MemberData(nameof(Lines))]
    public async Task Zsh_completes(string line, string expected)
    {
        var script = Prepare("zsh", line);
        await RunAsync("zsh", "-f", "-c", Zsh, "zsh", line, script, _folder.File("line"));
        var completed = expected.Length == 0 ? line : $"{line[..(line.LastIndexOf(' ') + 1)]}{expected}";
        Assert.Equal(completed, File.ReadAllText(_folder.File("line")).TrimEnd());
    }

    [Theory(Timeout = Timeout)]
    [MemberData(nameof(Lines))]
    public async Task Fish_completes(string line, string expected)
    {
        var script = Prepare("fish", line);
        Assert.Equal(expected, (await RunAsync("fish", "--no-config", "-c", $"source '{script}'; complete -C '{line}'")).TrimEnd());
    }

    private string Prepare(string shell, string line)
    {
        var isInstalled = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(path => File.Exists(Path.Combine(path, shell)));
        var reason = $"{shell} is not installed: eng/get-shells.sh.";
        Assert.True(isInstalled || Environment.GetEnvironmentVariable("ARCHGEN_TEST_SHELLS_REQUIRED") != "1", reason);
        Assert.SkipUnless(isInstalled, reason);
        var name = line.Split(' ')[0];
        CompletedProgram.Write(_folder, name);
        File.WriteAllText(_folder.File("script"), CompletedProgram.Script(shell, name));
        return _folder.File("script");
    }

    // In an empty folder: where the program knows nothing, a shell offers files.
    private async Task<string> RunAsync(string shell, params string[] arguments)
    {
        var empty = Directory.CreateDirectory(_folder.File("empty")).FullName;
        var start = new ProcessStartInfo(shell, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = empty };
        start.Environment["PATH"] = $"{_folder.Path}:{start.Environment["PATH"]}";
        start.Environment["HOME"] = empty;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.Equal("", await error);
        return await output;
    }
}
