using System.IO.Compression;
using System.Text;
using ArchGen.Fixtures;

namespace ArchGen.Packages.Tests;

/// <summary>What a package says of its sources, in a copy of some projects that is a repository with a remote; this one need not have any.</summary>
public sealed class SourceLinkTests(PackedPackages packages)
{
    private const string Remote = "https://github.com/example/archgen";

    private static readonly string[] Copied = ["src/Dsl", "src/Runtime/Tools/Scaffolding", "packaging"];

    /// <summary>The SDK has SourceLink for the hosts that are used most. Nothing of the folder or the time of a build is in the assembly.</summary>
    [Fact]
    public void A_package_names_its_commit_and_a_build_elsewhere_is_equal()
    {
        Assert.SkipUnless(CommandProcess.IsInstalled("git"), "git makes the repository.");
        string one = packages.NewFolder("clone"), other = packages.NewFolder("clone of another folder");
        var commit = MakeRepository(one);
        Copy(one, other, _ => true);
        Parallel.ForEach([one, other], Build);

        var symbols = Encoding.UTF8.GetString(File.ReadAllBytes(Output(one, "pdb")));
        Assert.Contains($"https://raw.githubusercontent.com/example/archgen/{commit}/*", symbols, StringComparison.Ordinal);
        foreach (var extension in new[] { "dll", "pdb", "xml" })
            Assert.Equal(File.ReadAllBytes(Output(one, extension)), File.ReadAllBytes(Output(other, extension)));

        packages.Run(one, "dotnet", "pack", "packaging/ArchGen.Templates", "-c", "Release", "-o", "packages", "-v", "q", "-nologo").Done();
        using var package = ZipFile.OpenRead(Directory.GetFiles(Path.Combine(one, "packages")).Single());
        using var reader = new StreamReader(package.GetEntry("ArchGen.Templates.nuspec")!.Open());
        var nuspec = reader.ReadToEnd();
        Assert.Contains($"<repository type=\"git\" url=\"{Remote}.git\"", nuspec, StringComparison.Ordinal);
        Assert.Contains($"commit=\"{commit}\"", nuspec, StringComparison.Ordinal);
    }

    private static string Output(string clone, string extension) => Path.Combine(clone, "src", "Dsl", "bin", "Release", "net10.0", $"ArchGen.Dsl.{extension}");

    private void Build(string clone) =>
        packages.Run(
            clone, "dotnet", "build", "src/Dsl", "-c", "Release", "-v", "q", "-nologo", "-p:ContinuousIntegrationBuild=true", "-p:RunAnalyzers=false").Done();

    private string MakeRepository(string folder)
    {
        foreach (var file in Directory.GetFiles(SharedFixtures.Root, "Directory.*")) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        foreach (var copied in Copied) Copy(Path.Combine(SharedFixtures.Root, copied), Path.Combine(folder, copied), IsSource);
        Git("init", "-q");
        Git("remote", "add", "origin", Remote + ".git");
        Git("add", "-A");
        Git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-m", "All");
        return Git("rev-parse", "HEAD").Out.Trim();

        CommandProcess Git(params string[] arguments) => packages.Run(folder, "git", arguments).Done();
    }

    private static bool IsSource(string path) => !path.Split('/', '\\').Any(part => part is "bin" or "obj");

    private static void Copy(string from, string to, Func<string, bool> isCopied)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories).Where(isCopied))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
