using ArchGen.CodeFixes;
using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Tests.CodeFixes;

namespace ArchGen.Generators.Tests.Diagnostics;

/// <summary>
/// Every diagnostic has its page, its row in the index and its line in the release file; its tests are demanded by <see cref="MistakeTests"/>.
/// </summary>
public class DocumentationTests
{
    internal static readonly string Root = FindRoot();

    private static readonly string Pages = Path.Combine(Root, "docs", "diagnostics");

    public static TheoryData<string> Ids => [.. Descriptors.All.Select(d => d.Id)];

    [Fact]
    public void Every_page_is_that_of_a_diagnostic() => Assert.Equal(
        Descriptors.All.Select(d => d.Id + ".md").Append("README.md").Order(StringComparer.Ordinal),
        Directory.GetFiles(Pages).Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal));

    /// <summary>The README says of its declaration that it is all of Qwen3.</summary>
    [Fact]
    public void The_readmes_declaration_is_the_files()
    {
        var file = DeclaredArchitectures.Files.Single(f => f.Path == "Qwen3.cs").Text;
        Assert.Contains("```csharp\n" + file[file.IndexOf("[Architecture(", StringComparison.Ordinal)..] + "```\n",
            File.ReadAllText(Path.Combine(Root, "README.md")), StringComparison.Ordinal);
    }

    /// <summary>The architectures that docs/language.md and docs/layer-to-layer show are without a mistake.</summary>
    [Fact]
    public void The_architectures_of_the_docs_are_clean()
    {
        var language = File.ReadAllText(Path.Combine(Root, "docs", "language.md"));
        var shown = language.Split("```csharp\n").Skip(1).Select(block => block[..block.IndexOf("```\n", StringComparison.Ordinal)]).ToList();
        Assert.Equal(3, shown.Count);
        var files = Directory.GetFiles(Path.Combine(Root, "docs", "layer-to-layer")).Select(File.ReadAllText).Concat(shown)
            .Select((text, i) => new SourceFile($"Docs{i}.cs", text));
        var run = GeneratorRun.Of(DeclaredArchitectures.Files.Concat(files));
        Assert.Empty(run.Reported);
        Assert.All(new[] { "Looped", "OfParts", "SharedKeys", "ShortConv", "TwoBases", "ValueResidual" },
            name => Assert.Contains($"ArchGen.Architectures.{name}.Graph.g.cs", run.Generated.Keys));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void An_example_and_a_remedy_are_on_its_page(string id)
    {
        var descriptor = Descriptors.Of(id);
        var page = File.ReadAllText(Path.Combine(Pages, id + ".md"));
        Assert.StartsWith($"# {id}: {descriptor.Title}\n\nSeverity: {descriptor.DefaultSeverity.ToString().ToLowerInvariant()}.\n", page,
            StringComparison.Ordinal);
        Assert.Equal($"{Descriptors.Pages}{id}.md", descriptor.HelpLinkUri);
        Assert.Contains("\n## Example\n\n```csharp\n", page, StringComparison.Ordinal);
        Assert.Contains("\n## What to do\n", page, StringComparison.Ordinal);
        Assert.Equal(FixOfGenerator.Fixes.Any(f => f.FixableDiagnosticIds.Contains(id)), page.Contains("code fix", StringComparison.Ordinal));
    }

    [Fact]
    public void The_index_lists_all() => Assert.Equal(
        Descriptors.All.Select(d => $"| [{d.Id}]({d.Id}.md) | {d.DefaultSeverity.ToString().ToLowerInvariant()} | {d.Title} | {CodeFix(d.Id)}|"),
        File.ReadAllLines(Path.Combine(Pages, "README.md")).Where(l => l.StartsWith("| [", StringComparison.Ordinal)));

    /// <summary>What the index calls the fix of a diagnostic.</summary>
    private static string CodeFix(string id) => FixOfGenerator.Fixes.FirstOrDefault(f => f.FixableDiagnosticIds.Contains(id)) switch
    {
        null => "",
        MakePartial => "make partial ",
        UseNearestName => "nearest name ",
        RemoveUnused => "remove ",
        var other => throw new InvalidOperationException($"{other.GetType().Name} has no name in the index."),
    };

    [Fact]
    public void The_release_file_lists_all() => Assert.Equal(
        Descriptors.All.Select(d => $"{d.Id} | {d.Category} | {d.DefaultSeverity} | Descriptors"),
        File.ReadAllLines(Path.Combine(Root, "src", "Generators", "AnalyzerReleases.Unshipped.md")).Where(l => l.StartsWith("ARCH", StringComparison.Ordinal)));

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "ArchGen.sln"))) directory = directory.Parent!;
        return directory.FullName;
    }
}
