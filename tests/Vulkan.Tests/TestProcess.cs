using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ArchGen.Vulkan.Tests;

/// <summary>Tests of this program in a process of their own, with another environment: drivers and layers read it once.</summary>
/// <param name="ExitCode">What it returned.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Total">The number of tests that were run.</param>
internal sealed partial record TestProcess(int ExitCode, string Output, int Total)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(20);

    /// <summary>Runs tests.</summary>
    /// <param name="environment">Variables to set.</param>
    /// <param name="arguments">The tests, as xunit's runner takes them.</param>
    public static TestProcess Run(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "ArchGen.Vulkan.Tests.dll");
        var start = new ProcessStartInfo("dotnet", ["exec", program, .. arguments, "-noColor", "-noLogo"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Longest)) process.Kill(entireProcessTree: true);
        var text = output.Result + error.Result;
        return new TestProcess(process.ExitCode, text, Count().Match(text) is { Success: true } match ? int.Parse(match.Groups[1].ValueSpan, null) : 0);
    }

    /// <summary>Demands that so many tests were run, at least, and all passed.</summary>
    public void AssertPassed(int least)
    {
        Assert.True(ExitCode == 0, Output);
        Assert.True(Total >= least, $"{Total} tests were run, expected {least} at least:{Environment.NewLine}{Output}");
    }

    [GeneratedRegex(@"Total: (\d+)")]
    private static partial Regex Count();
}
