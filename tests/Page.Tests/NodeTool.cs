using System.Diagnostics;
using ArchGen.Fixtures;

namespace ArchGen.Page.Tests;

/// <summary>
/// Runs Node and npm. Where Node, Chromium or the packages are missing, the test is skipped, or fails if ARCHGEN_TEST_BROWSER_REQUIRED is set, as in CI.
/// </summary>
internal static class NodeTool
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);
    private static readonly Dictionary<string, Lazy<string?>> Installed = [];

    /// <summary>The source of the page.</summary>
    public static string PageFolder { get; } = Path.Combine(SharedFixtures.Root, "src", "Page");

    /// <summary>The tests that run in the browser.</summary>
    public static string BrowserFolder { get; } = Path.Combine(SharedFixtures.Root, "tests", "Page.Tests", "browser");

    /// <summary>Skips the test, or fails, where there is no Node.</summary>
    public static void RequireNode() => Require(Find("node") is not null && Find("npm") is not null, "There is no Node.js with npm: https://nodejs.org.");

    /// <summary>Skips the test, or fails, where there is no Chromium.</summary>
    public static void RequireChromium() =>
        Require(File.Exists(Chromium), $"There is no Chromium at {Chromium}. eng/get-chromium.sh installs it; ARCHGEN_CHROMIUM names another.");

    /// <summary>Installs the packages that a folder's lock file names, once.</summary>
    public static void RequirePackages(string folder)
    {
        Lazy<string?> installing;
        lock (Installed)
        {
            if (!Installed.TryGetValue(folder, out installing!)) Installed.Add(folder, installing = new(() => Install(folder)));
        }

        Require(installing.Value is null, $"The packages of {folder} cannot be installed: {installing.Value}");
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>Its exit code and all that it wrote.</returns>
    public static (int ExitCode, string Output) Run(string folder, IEnumerable<string> line, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(line.First(), line.Skip(1)) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            return (-1, $"'{string.Join(' ', line)}' did not end in {Limit.TotalMinutes} minutes.");
        }

        return (process.ExitCode, output.Result + errors.Result);
    }

    private static string Chromium => Environment.GetEnvironmentVariable("ARCHGEN_CHROMIUM") ?? "/usr/bin/chromium";

    private static string? Install(string folder)
    {
        // What is there already is that of the lock file.
        var mark = Path.Combine(folder, "node_modules", ".package-lock.json");
        if (File.Exists(mark) && File.GetLastWriteTimeUtc(mark) >= File.GetLastWriteTimeUtc(Path.Combine(folder, "package-lock.json"))) return null;
        var (exitCode, output) = Run(folder, ["npm", "ci", "--no-audit", "--no-fund"]);
        return exitCode == 0 ? null : output;
    }

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static void Require(bool isThere, string reason)
    {
        if (isThere) return;
        Assert.False(Environment.GetEnvironmentVariable("ARCHGEN_TEST_BROWSER_REQUIRED") == "1", reason);
        Assert.Skip(reason);
    }
}
