using ArchGen.Fixtures;
using Quill = ArchGen.Tutorial.Tests.Tutorial;

namespace ArchGen.Packages.Tests;

/// <summary>The tutorial's model in a project of its own, as docs/packages.md says: a project file, a program, a declaration.</summary>
internal sealed class QuillProgram
{
    private readonly PackedPackages _packages;

    private QuillProgram(PackedPackages packages, string folder) => (_packages, Folder) = (packages, folder);

    /// <summary>The project's folder.</summary>
    public string Folder { get; }

    /// <summary>The declaration.</summary>
    public string Declaration => Path.Combine(Folder, "Quill.cs");

    /// <summary>The assembly that a build makes.</summary>
    public string Assembly => Path.Combine(Folder, "bin", "Release", "net10.0", "Models.dll");

    /// <summary>Writes the project into a new folder, and builds it without a warning.</summary>
    public static QuillProgram Build(PackedPackages packages)
    {
        var program = Create(packages, "models");
        Assert.DoesNotContain("warning", program.DotNet("build").Done().Text, StringComparison.Ordinal);
        return program;
    }

    /// <summary>Writes the project into a new folder.</summary>
    public static QuillProgram Create(PackedPackages packages, string name)
    {
        var program = new QuillProgram(packages, packages.NewFolder(name));
        var page = File.ReadAllText(Path.Combine(SharedFixtures.Root, "docs", "packages.md")).ReplaceLineEndings("\n");
        File.WriteAllText(
            Path.Combine(program.Folder, "Models.csproj"),
            Quill.Blocks("xml", page).First().Replace("Version=\"0.1.0\"", $"Version=\"{packages.Version}\"", StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(program.Folder, "Program.cs"), Quill.Blocks("csharp", page).First());
        File.Copy(Path.Combine(Quill.Root, "docs", "tutorial", "Quill.cs"), program.Declaration);
        return program;
    }

    /// <summary>Runs <c>dotnet</c> with a verb for the project.</summary>
    public CommandProcess DotNet(string verb, params IEnumerable<string> arguments) =>
        _packages.Run(Folder, "dotnet", [verb, "-c", "Release", "-nologo", "-v", "q", "-clp:NoSummary", .. arguments]);

    /// <summary>Runs the program that was built.</summary>
    public CommandProcess Run(params IEnumerable<string> arguments) => _packages.Run(Folder, "dotnet", [Assembly, .. arguments]);

    /// <summary>Runs another program in the project's folder.</summary>
    public CommandProcess RunOther(string program, params IEnumerable<string> arguments) => _packages.Run(Folder, program, arguments);
}
