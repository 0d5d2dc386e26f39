using System.Diagnostics;

namespace ArchGen.Packages.Tests;

/// <summary>A process that has ended.</summary>
/// <param name="Line">Its command line, for messages.</param>
/// <param name="ExitCode">What it returned.</param>
/// <param name="Out">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
internal sealed record CommandProcess(string Line, int ExitCode, string Out, string Error)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>All that it printed.</summary>
    public string Text => $"{Out}{Error}";

    /// <summary>Whether a program is found by its name.</summary>
    public static bool IsInstalled(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? program + ".exe" : program)));

    /// <summary>Runs a program in a folder, as one does who has never seen this repository.</summary>
    /// <param name="folder">The working folder.</param>
    /// <param name="packages">The folder of NuGet's packages.</param>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    public static CommandProcess Run(string folder, string packages, string program, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(StartInfo(folder, packages, program, arguments))!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(Longest)) End(process);
        var line = $"{program} {string.Join(' ', arguments)}";
        return new CommandProcess(line, process.ExitCode, output.Result.ReplaceLineEndings("\n"), error.Result.ReplaceLineEndings("\n"));
    }

    /// <summary>How a program is started as <see cref="Run"/> starts it.</summary>
    public static ProcessStartInfo StartInfo(string folder, string packages, string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // The variables of the build that has started this test concern its projects, and those of ArchGen its tests.
        foreach (var name in start.Environment.Keys.Where(IsOfThisBuild).ToList()) start.Environment.Remove(name);
        start.Environment["NUGET_PACKAGES"] = packages;
        start.Environment["DOTNET_NOLOGO"] = "1";
        // No server of a build outlives the test, nor holds its files.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["UseSharedCompilation"] = "false";
        return start;
    }

    /// <summary>Ends a process and those that it has started, and waits until they have ended: they hold files of a folder that is deleted next.</summary>
    public static void End(Process process)
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
    }

    private static bool IsOfThisBuild(string variable) =>
        variable == "CI" || new[] { "MSBUILD", "ARCHGEN_" }.Any(start => variable.StartsWith(start, StringComparison.OrdinalIgnoreCase));

    /// <summary>Demands that it succeeded.</summary>
    public CommandProcess Done()
    {
        Assert.True(ExitCode == 0, $"{Line} returned {ExitCode}:\n{Text}");
        return this;
    }
}
