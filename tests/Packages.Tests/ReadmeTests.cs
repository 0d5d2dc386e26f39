using ArchGen.Fixtures;

namespace ArchGen.Packages.Tests;

/// <summary>The program of README compiles and runs with the one package that it names.</summary>
[Collection(nameof(PackedPackages))]
public sealed class ReadmeTests(PackedPackages packages)
{
    [Fact]
    public void Its_program_generates()
    {
        const string before = "In a program, with the package `ArchGen.Architectures`:\n\n```csharp\n";
        var readme = File.ReadAllText(Path.Combine(SharedFixtures.Root, "README.md")).ReplaceLineEndings("\n");
        var start = readme.IndexOf(before, StringComparison.Ordinal) + before.Length;
        Assert.True(start > before.Length);
        var folder = packages.NewFolder("readme");
        File.WriteAllText(Path.Combine(folder, "Program.cs"), readme[start..readme.IndexOf("```", start, StringComparison.Ordinal)]);
        File.WriteAllText(Path.Combine(folder, "readme.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="ArchGen.Architectures" Version="{packages.Version}" />
              </ItemGroup>
            </Project>
            """);
        File.Copy(SharedFixtures.Local("models/stories260K.gguf"), Path.Combine(folder, "model.gguf"));
        var run = packages.Run(folder, "dotnet", "run", "-c", "Release").Done();
        Assert.True(run.Out.Length > 100, run.Text);
    }
}
