using System.Diagnostics;
using System.Security.Cryptography;
using ArchGen.Fixtures;

namespace ArchGen.Server.Tests.Node;

/// <summary>
/// Runs programs of clients for JavaScript with Node. Their packages are installed once, as package-lock.json says, into a folder of the user's cache.
/// </summary>
internal static class NodeProgram
{
    private const int MinVersion = 20;

    private static readonly string Folder = Path.Combine(SharedFixtures.Root, "tests", "Server.Tests", "Node");
    private static readonly string[] PackageFiles = ["package.json", "package-lock.json", ".npmrc"];
    private static readonly Lock Installing = new();

    /// <summary>Runs a program against a server, and fails with its output if it fails. Without Node or its packages the test is skipped.</summary>
    /// <param name="server">The server; the program finds its address in ARCHGEN_URL.</param>
    /// <param name="program">The program, in the folder of this class.</param>
    public static async Task RunAsync(TestServer server, string program)
    {
        var modules = Modules();
        // Node looks for packages beside the program.
        var copy = Path.Combine(modules, $"{Guid.NewGuid():N}.mjs");
        File.Copy(Path.Combine(Folder, program), copy);
        try
        {
            var (code, output) = await StartAsync("node", [copy], modules, ("ARCHGEN_URL", server.Address.ToString()));
            Assert.True(code == 0, output);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private static string Modules()
    {
        var version = Try("node", ["--version"]);
        Assert.SkipWhen(version is null || Try("npm", ["--version"]) is null, "Node and npm are not installed.");
        var major = int.Parse(version!.Trim().TrimStart('v').Split('.')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.SkipWhen(major < MinVersion, $"Node {version.Trim()} is older than {MinVersion}.");
        lock (Installing)
        {
            var files = PackageFiles.SelectMany(name => File.ReadAllBytes(Path.Combine(Folder, name))).ToArray();
            var hash = Convert.ToHexStringLower(SHA256.HashData(files))[..16];
            var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } given ? given
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            var folder = Path.Combine(cache, "archgen-tests", $"node-{hash}");
            if (File.Exists(Path.Combine(folder, "installed"))) return folder;
            Directory.CreateDirectory(folder);
            foreach (var name in PackageFiles) File.Copy(Path.Combine(Folder, name), Path.Combine(folder, name), overwrite: true);
            Assert.SkipWhen(Try("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder) is null, "npm could not install the clients.");
            File.WriteAllText(Path.Combine(folder, "installed"), "");
            return folder;
        }
    }

    // The output; null if there is no such program or it fails.
    private static string? Try(string program, string[] arguments, string? folder = null)
    {
        try
        {
            var (code, output) = StartAsync(program, arguments, folder ?? Folder).GetAwaiter().GetResult();
            return code == 0 ? output : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static async Task<(int Code, string Output)> StartAsync(
        string program, string[] arguments, string folder, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            return (process.ExitCode, await output.ConfigureAwait(false) + await error.ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
