using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace ArchGen.Packages.Tests;

/// <summary>What lies in each package.</summary>
public sealed class PackageContentTests(PackedPackages packages)
{
    private const string Tool = "ArchGen.Cli", Template = "ArchGen.Templates";

    /// <summary>Each package with the libraries of ArchGen in it.</summary>
    private static readonly Dictionary<string, string[]> Libraries = new()
    {
        ["ArchGen"] =
        [
            "ArchGen.Chat", "ArchGen.Cpu", "ArchGen.Dsl", "ArchGen.Eager", "ArchGen.Formats", "ArchGen.Gguf", "ArchGen.Grammars", "ArchGen.Runtime",
            "ArchGen.Templates", "ArchGen.Tokenizers", "ArchGen.Tools",
        ],
        ["ArchGen.Architectures"] = ["ArchGen.Architectures"],
        ["ArchGen.CommandLine"] = ["ArchGen.CommandLine"],
        ["ArchGen.Extensions.AI"] = ["ArchGen.Extensions.AI"],
        ["ArchGen.Server"] = ["ArchGen.Server"],
        ["ArchGen.Testing"] = ["ArchGen.Testing"],
        ["ArchGen.Vulkan"] = ["ArchGen.Vulkan"],
    };

    public static TheoryData<string> Names => [.. Libraries.Keys];

    [Fact]
    public void No_other_project_is_packed() => Assert.Equal(
        Libraries.Keys.Append(Tool).Append(Template).Select(name => $"{name}.{packages.Version}.nupkg").Order(StringComparer.Ordinal),
        Directory.GetFiles(packages.Folder, "*.nupkg").Select(Path.GetFileName).Order(StringComparer.Ordinal)!);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_library_has_its_documentation_and_symbols(string name)
    {
        Assert.Equal(
            Libraries[name].SelectMany(library => new[] { $"lib/net10.0/{library}.dll", $"lib/net10.0/{library}.xml" }),
            Entries(name, ".nupkg").Where(file => file.StartsWith("lib/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(
            Libraries[name].Select(library => $"lib/net10.0/{library}.pdb"),
            Entries(name, ".snupkg").Where(file => file.EndsWith(".pdb", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_compiler_finds_generator_and_code_fixes() => Assert.Equal(
        ["analyzers/dotnet/cs/ArchGen.CodeFixes.dll", "analyzers/dotnet/cs/ArchGen.Generators.dll"],
        Entries("ArchGen", ".nupkg").Where(file => file.StartsWith("analyzers/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    [InlineData(Tool)]
    [InlineData(Template)]
    public void A_package_says_what_it_is(string name)
    {
        var metadata = Nuspec(name);
        Assert.Equal("MIT", Value("license"));
        Assert.Equal("README.md", Value("readme"));
        Assert.Equal("icon.png", Value("icon"));
        Assert.True(Value("description")!.Length > 40 && !Value("description")!.StartsWith("Package", StringComparison.Ordinal));
        Assert.Equal(["README.md", "icon.png"], Entries(name, ".nupkg").Intersect(["README.md", "icon.png"]).Order(StringComparer.Ordinal));

        string? Value(string element) => metadata.Elements().FirstOrDefault(e => e.Name.LocalName == element)?.Value;
    }

    /// <summary>What a library refers to is in its package, in one that it depends on, or part of .NET. Of ArchGen's, the same version.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_package_names_what_its_libraries_need(string name)
    {
        var dependencies = Dependencies(name).ToDictionary(d => d.Id, d => d.Version);
        Assert.All(dependencies.Where(d => Libraries.ContainsKey(d.Key)), d => Assert.Equal($"[{packages.Version}]", d.Value));
        var ours = Closure(name).SelectMany(package => Libraries[package]).ToHashSet();
        var named = Closure(name).SelectMany(Dependencies).Select(d => d.Id).ToHashSet();
        var isWeb = Closure(name).Any(package => Nuspec(package).Descendants().Any(e => e.Name.LocalName == "frameworkReference"));
        using var package = Open(name, ".nupkg");
        foreach (var library in Libraries[name])
        {
            using var stream = new MemoryStream();
            using (var entry = package.GetEntry($"lib/net10.0/{library}.dll")!.Open()) entry.CopyTo(stream);
            stream.Position = 0;
            using var image = new PEReader(stream);
            var reader = image.GetMetadataReader();
            var missing = reader.AssemblyReferences.Select(r => reader.GetString(reader.GetAssemblyReference(r).Name))
                .Where(r => !ours.Contains(r) && !named.Any(n => r == n || r == "Silk.NET.Core") && !IsOfDotNet(r, isWeb));
            Assert.Empty(missing);
        }
    }

    // The folders of the frameworks lie side by side; a package says whether it needs ASP.NET Core.
    private static bool IsOfDotNet(string assembly, bool isWeb)
    {
        var core = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var web = Path.Combine(core, "..", "..", "Microsoft.AspNetCore.App", Path.GetFileName(core));
        return File.Exists(Path.Combine(core, assembly + ".dll")) || (isWeb && File.Exists(Path.Combine(web, assembly + ".dll")));
    }

    private IEnumerable<string> Closure(string name) =>
        Dependencies(name).Select(d => d.Id).Where(Libraries.ContainsKey).SelectMany(Closure).Append(name).Distinct();

    private IEnumerable<(string Id, string Version)> Dependencies(string name) => Nuspec(name).Descendants().Where(e => e.Name.LocalName == "dependency")
        .Select(e => (e.Attribute("id")!.Value, e.Attribute("version")!.Value));

    private XElement Nuspec(string name)
    {
        using var package = Open(name, ".nupkg");
        using var stream = package.GetEntry($"{name}.nuspec")!.Open();
        return XDocument.Load(stream).Root!.Elements().Single();
    }

    private IEnumerable<string> Entries(string name, string extension)
    {
        using var package = Open(name, extension);
        return [.. package.Entries.Select(e => e.FullName)];
    }

    private ZipArchive Open(string name, string extension) => ZipFile.OpenRead(Path.Combine(packages.Folder, $"{name}.{packages.Version}{extension}"));
}
