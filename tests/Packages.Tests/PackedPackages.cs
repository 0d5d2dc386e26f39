using System.Diagnostics;
using ArchGen.Fixtures;
using ArchGen.Packages.Tests;

// One pack for all tests, which run side by side: a build waits more than it computes.
[assembly: AssemblyFixture(typeof(PackedPackages))]

namespace ArchGen.Packages.Tests;

/// <summary>The packages, as <c>dotnet pack</c> makes them of what was built, and a place for projects that use them.</summary>
public sealed class PackedPackages : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<string> _templates;
    private readonly Lazy<QuillProgram> _quill;

    public PackedPackages()
    {
        Version = FileVersionInfo.GetVersionInfo(Path.Combine(SharedFixtures.Root, "src", "Dsl", "bin", Configuration, "net10.0", "ArchGen.Dsl.dll"))
            .ProductVersion!.Split('+')[0];
        CommandProcess.Run(
            SharedFixtures.Root, MachinePackages, "dotnet", "pack", "ArchGen.sln", "--no-build", "-c", Configuration, "-o", Folder, "-v", "q", "-nologo",
            $"-p:MinVerVersionOverride={Version}").Done();
        File.WriteAllText(_folder.File("nuget.config"), NuGetConfig());
        _templates = new(InstallTemplates);
        _quill = new(() => QuillProgram.Build(this));
    }

    /// <summary>The version of the build, which is that of the packages.</summary>
    public string Version { get; }

    /// <summary>The folder with the packages.</summary>
    public string Folder => _folder.File("packages");

    private static string Configuration { get; } = Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!;

    private static string MachinePackages { get; } = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>The tutorial's model in a project of its own, built.</summary>
    internal QuillProgram Quill => _quill.Value;

    /// <summary>A folder that knows the packages; a new, empty one if no other test has named it.</summary>
    public string NewFolder(string name) => Directory.CreateDirectory(_folder.File(name)).FullName;

    /// <summary>
    /// Runs a program there. What it restores is kept in a folder of this test, so that no package of an earlier build with the same version is taken.
    /// </summary>
    internal CommandProcess Run(string folder, string program, params IEnumerable<string> arguments) =>
        CommandProcess.Run(folder, _folder.File("restored"), program, arguments);

    /// <summary>Starts a program there as <see cref="Run"/> does, without waiting for its end.</summary>
    internal ProcessStartInfo StartInfo(string folder, string program, params IEnumerable<string> arguments) =>
        CommandProcess.StartInfo(folder, _folder.File("restored"), program, arguments);

    /// <summary>Runs the command of this build.</summary>
    internal CommandProcess Archgen(string folder, params IEnumerable<string> arguments) =>
        Run(folder, "dotnet", [Path.Combine(SharedFixtures.Root, "src", "Cli", "bin", Configuration, "net10.0", "archgen.dll"), .. arguments]);

    /// <summary>Runs <c>dotnet new</c>, which knows no templates but those of the packages.</summary>
    internal CommandProcess DotNetNew(string folder, params IEnumerable<string> arguments) =>
        Run(folder, "dotnet", ["new", .. arguments, "--debug:custom-hive", _templates.Value]);

    public void Dispose() => _folder.Dispose();

    private bool HasOurs(string folder) => Directory.GetDirectories(folder, "archgen*").Any(package => Directory.Exists(Path.Combine(package, Version)));

    private string InstallTemplates()
    {
        var folder = _folder.File("templates");
        Run(_folder.Path, "dotnet", "new", "install", Path.Combine(Folder, $"ArchGen.Templates.{Version}.nupkg"), "--debug:custom-hive", folder).Done();
        return folder;
    }

    // Beside the usual sources, the packages. Those of others are taken from the machine's folder, to which the build of this test has restored them: a
    // folder of the test's own would take hundreds of megabytes from the network, the compiler for Native AOT above all. It must not have ours.
    private string NuGetConfig() => $"""
        <configuration>
          <packageSources>
            <add key="packed" value="{Folder}" />
          </packageSources>
          <fallbackPackageFolders>
            {(Directory.Exists(MachinePackages) && !HasOurs(MachinePackages) ? $"""<add key="machine" value="{MachinePackages}" />""" : "")}
          </fallbackPackageFolders>
        </configuration>
        """;
}
