using System.Diagnostics;
using ArchGen.Fixtures;

namespace ArchGen.Packages.Tests;

/// <summary>The packages, as <c>dotnet pack</c> makes them of what was built, and a place for projects that use them.</summary>
public sealed class PackedPackages : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PackedPackages()
    {
        Version = FileVersionInfo.GetVersionInfo(Path.Combine(SharedFixtures.Root, "src", "Dsl", "bin", Configuration, "net10.0", "ArchGen.Dsl.dll"))
            .ProductVersion!.Split('+')[0];
        CommandProcess.Run(
            SharedFixtures.Root, MachinePackages, "dotnet", "pack", "ArchGen.sln", "--no-build", "-c", Configuration, "-o", Folder, "-v", "q", "-nologo",
            $"-p:MinVerVersionOverride={Version}").Done();
        File.WriteAllText(_folder.File("nuget.config"), NuGetConfig());
    }

    /// <summary>The version of the build, which is that of the packages.</summary>
    public string Version { get; }

    /// <summary>The folder with the packages.</summary>
    public string Folder => _folder.File("packages");

    private static string Configuration { get; } = Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!;

    private static string MachinePackages { get; } = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>A new, empty folder that knows the packages.</summary>
    public string NewFolder(string name) => Directory.CreateDirectory(_folder.File(name)).FullName;

    /// <summary>
    /// Runs a program there. What it restores is kept in a folder of this test, so that no package of an earlier build with the same version is taken.
    /// </summary>
    internal CommandProcess Run(string folder, string program, params IEnumerable<string> arguments) =>
        CommandProcess.Run(folder, _folder.File("restored"), program, arguments);

    public void Dispose() => _folder.Dispose();

    // Beside the usual sources, the packages; the packages of others are taken from the machine's folder, if they are there.
    private string NuGetConfig() => $"""
        <configuration>
          <packageSources>
            <add key="packed" value="{Folder}" />
          </packageSources>
          <fallbackPackageFolders>
            {(Directory.Exists(MachinePackages) ? $"""<add key="machine" value="{MachinePackages}" />""" : "")}
          </fallbackPackageFolders>
        </configuration>
        """;
}
