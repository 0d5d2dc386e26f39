using System.Diagnostics;
using ArchGen.Fixtures;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary>What a long run leaves behind that is interrupted: by Ctrl-C nothing, killed no file of the target's name, or the old one whole.</summary>
public sealed class InterruptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("imatrix", "-o")]
    [InlineData("perplexity", "--kl-divergence-base")]
    public async Task Interrupted_runs_leave_no_half_file(string command, string option)
    {
        if (OperatingSystem.IsWindows()) return;
        string text = _folder.File("long.txt"), target = _folder.File("out/target");
        File.WriteAllText(text, string.Concat(Enumerable.Repeat(File.ReadAllText(SharedFixtures.Local("models/stories.txt")), 2000)));
        Directory.CreateDirectory(_folder.File("out"));

        foreach (var (signal, exitCode) in new[] { ("-INT", 130), ("-TERM", 143), ("-HUP", 129) })
        {
            Assert.Equal(exitCode, await Interrupt(signal));
            Assert.Empty(Directory.GetFiles(_folder.File("out")));
        }

        await Interrupt("-KILL");
        Assert.False(File.Exists(target));

        File.WriteAllText(target, "mine");
        await Interrupt("-KILL");
        Assert.Equal("mine", File.ReadAllText(target));

        async Task<int> Interrupt(string signal)
        {
            var (program, model) = (Path.Combine(AppContext.BaseDirectory, "archgen.dll"), SharedFixtures.Local("models/stories260K.gguf"));
            string[] arguments = [program, command, model, "-f", text, "-c", "64", "-b", "64", option, target];
            using var run = Start(arguments);
            try
            {
                await UntilAtWork(run);
                using (var kill = Process.Start("kill", [signal, $"{run.Id}"])) await kill.WaitForExitAsync();
                var rest = run.StandardError.ReadToEndAsync();
                await run.WaitForExitAsync();
                await rest;
                return run.ExitCode;
            }
            finally
            {
                if (!run.HasExited) run.Kill();
            }
        }
    }

    /// <summary>It waits for a pipe to be read, where no cancellation reaches it: it ends all the same.</summary>
    [Fact]
    public async Task What_does_not_hear_of_it_is_ended()
    {
        if (OperatingSystem.IsWindows()) return;
        var pipe = _folder.File("texts.json");
        using (var make = Process.Start("mkfifo", [pipe])) await make.WaitForExitAsync();
        var (program, model) = (Path.Combine(AppContext.BaseDirectory, "archgen.dll"), SharedFixtures.Local("models/stories260K.gguf"));
        string[] arguments = [program, "tokenize", model, "--input", pipe, "--output", _folder.File("ids.json")];
        using var run = Start(arguments);
        try
        {
            // Opened once the command has opened it, too.
            using var texts = await Task.Run(() => new FileStream(pipe, FileMode.Open, FileAccess.Write, FileShare.ReadWrite));
            using (var kill = Process.Start("kill", ["-INT", $"{run.Id}"])) await kill.WaitForExitAsync();
            await run.WaitForExitAsync();
            Assert.Equal(130, run.ExitCode);
            Assert.Equal([pipe], Directory.GetFiles(_folder.Path));
        }
        finally
        {
            if (!run.HasExited) run.Kill();
        }
    }

    [Theory]
    [InlineData("run MODEL -p Once -n 400")]
    [InlineData("inspect MODEL")]
    [InlineData("--help")]
    public async Task Output_that_nobody_reads_ends_the_command(string command)
    {
        if (OperatingSystem.IsWindows()) return;
        var line = command.Replace("MODEL", SharedFixtures.Local("models/stories260K.gguf"), StringComparison.Ordinal);
        var program = Path.Combine(AppContext.BaseDirectory, "archgen.dll");
        string[] arguments = ["-c", $"dotnet {program} {line} | true; echo ${{PIPESTATUS[0]}}"];
        using var run = Process.Start(new ProcessStartInfo("bash", arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var (output, error) = (run.StandardOutput.ReadToEndAsync(), run.StandardError.ReadToEndAsync());
        await run.WaitForExitAsync();
        Assert.Equal(("141\n", ""), (await output, await error));
    }

    // A shell's background job and nohup ignore signals, and what they start inherits that.
    private static Process Start(string[] arguments)
    {
        var (program, all) = OperatingSystem.IsLinux() ? ("env", ["--default-signal=INT,TERM,HUP", "dotnet", .. arguments]) : ("dotnet", arguments);
        return Process.Start(new ProcessStartInfo(program, all) { RedirectStandardError = true, RedirectStandardOutput = true })!;
    }

    // Once a few chunks are done, it is at work on its file.
    private static async Task UntilAtWork(Process run)
    {
        var seen = "";
        var buffer = new char[64];
        while (!seen.Contains("[12]", StringComparison.Ordinal))
        {
            var count = await run.StandardError.ReadAsync(buffer);
            Assert.True(count > 0, seen);
            seen += new string(buffer, 0, count);
        }
    }
}
