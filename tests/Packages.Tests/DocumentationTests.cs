using ArchGen.Fixtures;
using Quill = ArchGen.Tutorial.Tests.Tutorial;

namespace ArchGen.Packages.Tests;

/// <summary>The programs of README and docs/packages.md compile and run with the one package that they name.</summary>
public sealed class DocumentationTests(PackedPackages packages)
{
    [Fact]
    public void The_program_of_README_generates()
    {
        const string before = "In a program, with the package `ArchGen.Architectures`:\n\n```csharp\n";
        var readme = Read("README.md");
        var start = readme.IndexOf(before, StringComparison.Ordinal) + before.Length;
        Assert.True(start > before.Length);
        var folder = Project("readme", "ArchGen.Architectures", readme[start..readme.IndexOf("```", start, StringComparison.Ordinal)]);
        File.Copy(SharedFixtures.Local("models/stories260K.gguf"), Path.Combine(folder, "model.gguf"));
        Assert.True(Run(folder).Length > 100);
    }

    [Fact]
    public void A_program_without_commands_converts_runs_and_compares()
    {
        var folder = Project("library", "ArchGen", Quill.Blocks("csharp", Read("docs/packages.md")).Last());
        File.Copy(Path.Combine(Quill.Root, "docs", "tutorial", "Quill.cs"), Path.Combine(folder, "Quill.cs"));
        Directory.CreateDirectory(Path.Combine(folder, "quill"));
        foreach (var file in Directory.GetFiles(Quill.Checkpoint())) File.Copy(file, Path.Combine(folder, "quill", Path.GetFileName(file)));
        Assert.EndsWith(" nodes agree\nnot seen: window dropped\n", Run(folder), StringComparison.Ordinal);
    }

    private static string Read(string page) => File.ReadAllText(Path.Combine(SharedFixtures.Root, page)).ReplaceLineEndings("\n");

    private string Project(string name, string package, string program)
    {
        var folder = packages.NewFolder(name);
        File.WriteAllText(Path.Combine(folder, "Program.cs"), program);
        File.WriteAllText(Path.Combine(folder, $"{name}.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{package}" Version="{packages.Version}" />
              </ItemGroup>
            </Project>
            """);
        return folder;
    }

    private string Run(string folder) => packages.Run(folder, "dotnet", "run", "-c", "Release").Done().Out;
}
