using System.Diagnostics;
using ArchGen.Fixtures;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary>What a long run leaves behind that is interrupted: by Ctrl-C nothing, killed no file of the target's name, or the old one whole.</summary>
public sealed class InterruptionTests : IDisposable
{
    private const int Cancelled = 130;

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

        Assert.Equal(Cancelled, await Interrupt("-INT"));
        Assert.Empty(Directory.GetFiles(_folder.File("out")));

        await Interrupt("-KILL");
        Assert.False(File.Exists(target));

        File.WriteAllText(target, "mine");
        await Interrupt("-KILL");
        Assert.Equal("mine", File.ReadAllText(target));

        async Task<int> Interrupt(string signal)
        {
            var (program, model) = (Path.Combine(AppContext.BaseDirectory, "archgen.dll"), SharedFixtures.Local("models/stories260K.gguf"));
            string[] arguments = [program, command, model, "-f", text, "-c", "64", "-b", "64", option, target];
            using var run = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
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
