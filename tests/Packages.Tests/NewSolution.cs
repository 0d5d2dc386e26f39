namespace ArchGen.Packages.Tests;

/// <summary>A solution as <c>archgen new</c> and <c>dotnet new archgen</c> write it.</summary>
internal sealed class NewSolution(PackedPackages packages, string name, string folder)
{
    /// <summary>The solution's folder.</summary>
    public string Folder => folder;

    /// <summary>Lets the command write it.</summary>
    public static NewSolution Write(PackedPackages packages, string name, params IEnumerable<string> arguments)
    {
        var folder = packages.NewFolder("solutions");
        packages.Archgen(folder, ["new", name, .. arguments]).Done();
        return new NewSolution(packages, name, Path.Combine(folder, name));
    }

    /// <summary>Lets the template write it.</summary>
    public static NewSolution FromTemplate(PackedPackages packages, string name)
    {
        var folder = packages.NewFolder("from-template");
        packages.DotNetNew(folder, "archgen", "-n", name).Done();
        return new NewSolution(packages, name, Path.Combine(folder, name));
    }

    /// <summary>The path of a file; NAME stands for the name of the architecture's class.</summary>
    public string File(string path) => Path.Combine([folder, .. path.Replace("NAME", name, StringComparison.Ordinal).Split('/')]);

    /// <summary>Every file with its text, by its path.</summary>
    public SortedDictionary<string, string> Files() => new(
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(file => Path.GetRelativePath(folder, file), System.IO.File.ReadAllText),
        StringComparer.Ordinal);

    /// <summary>Builds the tests and runs them.</summary>
    public CommandProcess Test(params IEnumerable<string> options) => packages.Run(folder, "dotnet", ["test", "-nologo", .. options]);

    /// <summary>Runs the program. The first run builds it.</summary>
    public CommandProcess Run(params IEnumerable<string> arguments)
    {
        string[] isBuilt = Directory.Exists(File("NAMEProgram/bin")) ? ["--no-build"] : [];
        return packages.Run(folder, "dotnet", ["run", .. isBuilt, "--project", $"{name}Program", "--", .. arguments]);
    }

    /// <summary>Starts <c>dotnet watch test</c> in the folder of the tests.</summary>
    public WatchedTests Watch(params IEnumerable<string> options) =>
        new(packages.StartInfo(File("NAMETests"), "dotnet", ["watch", "--non-interactive", "test", .. options]));
}
