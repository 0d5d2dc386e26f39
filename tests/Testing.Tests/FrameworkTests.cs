using System.Diagnostics;
using ArchGen.Fixtures;

namespace ArchGen.Testing.Tests;

/// <summary>
/// Each framework of tests, run by its own runner as a child process: mistakes are its rows, and a difference is a failure with its message. That the same
/// tests pass is part of `dotnet test`.
/// </summary>
public sealed class FrameworkTests
{
    [Theory]
    [InlineData("Xunit")]
    [InlineData("NUnit")]
    [InlineData("MSTest")]
    public async Task A_difference_fails_and_all_else_passes(string framework)
    {
        var output = await Run(framework);
        Assert.Contains("Failed A_difference_is_a_failure", Plain(output), StringComparison.Ordinal);
        string[] shown =
        [
            "Other.verified.txt is no longer what is received. If the new text is right, rename Other.received.txt to Other.verified.txt",
            "\n one\n-2\n+two\n three\n",
            "Failed: 1",
        ];
        Assert.All(shown, text => Assert.Contains(text, output, StringComparison.Ordinal));
        Assert.Contains("RoPE dropped: blk.*.attn_q_norm (rope)", output, StringComparison.Ordinal);
        var passed = int.Parse(System.Text.RegularExpressions.Regex.Match(output, @"Passed: (\d+)").Groups[1].ValueSpan, provider: null);
        Assert.Equal(4 + SabotageSuite.Of<Quill>().Mistakes.Count, passed);
    }

    // Runners write the class before the name, or not.
    private static string Plain(string output) => output.Replace("ArchGen.Frameworks.QuillTests.", "", StringComparison.Ordinal);

    private static async Task<string> Run(string framework)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var assembly = Path.Combine(
            SharedFixtures.Root, "tests", "Frameworks", framework, "bin", configuration, "net10.0", $"ArchGen.Frameworks.{framework}.dll");
        var start = new ProcessStartInfo("dotnet", ["vstest", assembly, "--logger:console;verbosity=normal"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ARCHGEN_FRAMEWORKS_FAIL"] = "1", ["DOTNET_CLI_UI_LANGUAGE"] = "en", ["DOTNET_NOLOGO"] = "1" },
        };
        start.Environment.Remove("ARCHGEN_ACCEPT_SNAPSHOTS");
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var text = (await output + await error).ReplaceLineEndings("\n");
        Assert.True(process.ExitCode == 1, text);
        return text;
    }
}
