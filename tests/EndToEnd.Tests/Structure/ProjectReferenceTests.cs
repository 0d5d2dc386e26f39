using System.Xml.Linq;

namespace ArchGen.EndToEnd.Tests.Structure;

/// <summary>
/// The projects below src refer to one another in one direction: what reads a file knows no model, what plans knows no backend, nothing knows the command.
/// </summary>
public sealed class ProjectReferenceTests
{
    /// <summary>The projects that each may name. What those refer to comes with them and may be named, too.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["ArchGen.Generators"] = [],
        ["ArchGen.CodeFixes"] = [],
        ["ArchGen.Dsl"] = [],
        ["ArchGen.Formats"] = ["ArchGen.Dsl"],
        ["ArchGen.Gguf"] = ["ArchGen.Dsl", "ArchGen.Formats"],
        ["ArchGen.Tokenizers"] = ["ArchGen.Gguf"],
        ["ArchGen.Runtime"] = ["ArchGen.Dsl", "ArchGen.Gguf", "ArchGen.Formats", "ArchGen.Tokenizers"],
        ["ArchGen.Templates"] = ["ArchGen.Dsl"],
        ["ArchGen.Grammars"] = ["ArchGen.Tokenizers"],
        ["ArchGen.Chat"] = ["ArchGen.Runtime", "ArchGen.Templates", "ArchGen.Grammars"],
        ["ArchGen.Cpu"] = ["ArchGen.Runtime", "ArchGen.Formats"],
        ["ArchGen.Eager"] = ["ArchGen.Runtime"],
        ["ArchGen.Vulkan"] = ["ArchGen.Runtime", "ArchGen.Formats"],
        ["ArchGen.Tools"] = ["ArchGen.Cpu", "ArchGen.Eager"],
        ["ArchGen.Testing"] = ["ArchGen.Tools"],
        ["ArchGen.Architectures"] = ["ArchGen.Dsl", "ArchGen.Generators", "ArchGen.CodeFixes"],
        ["ArchGen.Extensions.AI"] = ["ArchGen.Chat", "ArchGen.Cpu", "ArchGen.Architectures"],
        ["ArchGen.Server"] = ["ArchGen.Extensions.AI"],
        ["ArchGen.CommandLine"] = ["ArchGen.Server", "ArchGen.Vulkan", "ArchGen.Tools", "ArchGen.Chat"],
        ["ArchGen.Cli"] = ["ArchGen.CommandLine", "ArchGen.Architectures"],
    };

    /// <summary>The one project that may name each of these packages.</summary>
    private static readonly Dictionary<string, string> OwnerOfPackage = new()
    {
        ["Iced"] = "ArchGen.Cpu",
        ["Silk.NET.Vulkan"] = "ArchGen.Vulkan",
        ["DiffPlex"] = "ArchGen.Testing",
        ["Google.Protobuf"] = "ArchGen.Tools",
        ["System.CommandLine"] = "ArchGen.CommandLine",
        ["Microsoft.Extensions.AI.Abstractions"] = "ArchGen.Extensions.AI",
        ["Microsoft.Extensions.DependencyInjection.Abstractions"] = "ArchGen.Extensions.AI",
    };

    public static TheoryData<string> Projects => [.. Repository.Files(".csproj", "src", "architectures")];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_refers_downward(string file)
    {
        var project = Path.GetFileNameWithoutExtension(file);
        Assert.True(Allowed.ContainsKey(project), $"{file} is a new project: say in {nameof(Allowed)} what it may refer to.");
        var above = References(file).Except(Below(project));
        Assert.True(!above.Any(), $"{file} refers to {string.Join(" and ", above)}; allowed are {string.Join(", ", Below(project))}.");
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_package_has_one_owner(string file)
    {
        var project = Path.GetFileNameWithoutExtension(file);
        foreach (var package in Included(file, "PackageReference").Where(OwnerOfPackage.ContainsKey)) Assert.Equal(OwnerOfPackage[package], project);
    }

    [Fact]
    public void The_table_names_no_project_that_is_gone() =>
        Assert.Empty(Allowed.Keys.Except(Repository.Files(".csproj", "src", "architectures").Select(file => Path.GetFileNameWithoutExtension(file))));

    private static IEnumerable<string> Below(string project) =>
        Allowed[project].Concat(Allowed[project].SelectMany(Below)).Distinct().Order(StringComparer.Ordinal);

    private static IEnumerable<string> References(string file) =>
        Included(file, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));

    private static IEnumerable<string> Included(string file, string item) =>
        XDocument.Parse(Repository.Read(file)).Descendants(item).Select(element => element.Attribute("Include")!.Value);
}
