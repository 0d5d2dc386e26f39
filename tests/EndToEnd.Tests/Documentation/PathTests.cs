using System.Text.RegularExpressions;

namespace ArchGen.EndToEnd.Tests.Documentation;

/// <summary>The pages name files that exist: in links, and as paths from the root of the repository.</summary>
public sealed partial class PathTests
{
    private static readonly string Root = FindRoot();

    /// <summary>Files that a reader makes.</summary>
    private static readonly string[] Examples =
    [
        "architectures/Quill.cs", "docs/diagnostics/ARCH0046.md", "src/Runtime/Formats/Q6_0", "tests/Fixtures/quantization/Q6_0.plain.bin",
    ];

    public static TheoryData<string> Pages =>
    [
        .. Directory.GetFiles(Root, "*.md").Concat(Directory.GetFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Concat(Directory.GetFiles(Path.Combine(Root, "benchmarks"), "*.md"))
            .Concat(Directory.GetFiles(Path.Combine(Root, "src"), "*.md", SearchOption.AllDirectories).Where(path => !IsBuilt(path)))
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/')).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_leads_to_a_file(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Root, page))!;
        var targets = Link().Matches(Prose(page)).Select(m => m.Groups[1].Value).Where(t => !t.Contains("://", StringComparison.Ordinal));
        string[] missing = [.. targets.Where(target => !Path.Exists(Path.Combine(folder, target)))];
        Assert.Equal([], missing);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_path_from_the_root_is_there(string page)
    {
        var paths = CodePath().Matches(Prose(page)).Select(m => m.Groups[1].Value).Except(Examples);
        string[] missing = [.. paths.Where(path => !path.Contains('*', StringComparison.Ordinal) && !Path.Exists(Path.Combine(Root, path)))];
        Assert.Equal([], missing);
    }

    /// <summary>The entry page leads to every other page; those of diagnostics have a list of their own, and a model has its card.</summary>
    [Fact]
    public void The_entry_page_leads_to_every_page()
    {
        var entry = Prose("docs/README.md");
        var pages = Pages.Select(page => page.Data).Where(page => page.StartsWith("docs/", StringComparison.Ordinal)).Select(page => page["docs/".Length..])
            .Where(page => page is not ("README.md" or "tutorial/quill/README.md") && !page.StartsWith("diagnostics/ARCH", StringComparison.Ordinal));
        Assert.Equal([], pages.Where(page => !entry.Contains($"]({page})", StringComparison.Ordinal)));
    }

    /// <summary>The architecture page has a row for each project of the product, and the folder of each is the one in its row.</summary>
    [Fact]
    public void The_architecture_page_lists_every_project()
    {
        var projects = Directory.GetFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Concat(Directory.GetFiles(Path.Combine(Root, "architectures"), "*.csproj"))
            .Select(path => Path.GetRelativePath(Root, Path.GetDirectoryName(path)!).Replace('\\', '/'));
        var rows = ProjectRow().Matches(Prose("docs/architecture.md")).Select(m => m.Groups[1].Value);
        Assert.Equal(projects.Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    private static bool IsBuilt(string path) => path.Split(Path.DirectorySeparatorChar).Any(folder => folder is "bin" or "obj" or "node_modules");

    /// <summary>The page without its blocks of code.</summary>
    private static string Prose(string page) => CodeBlock().Replace(File.ReadAllText(Path.Combine(Root, page)).ReplaceLineEndings("\n"), "");

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "ArchGen.sln"))) directory = directory.Parent!;
        return directory.FullName;
    }

    [GeneratedRegex(@"(?<=\])\(([^)\s#]+)(?:#[^)\s]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex("`((?:src|tests|architectures|benchmarks|docs|eng|\\.ci)/[^`\\s<>{}|]*)`")]
    private static partial Regex CodePath();

    [GeneratedRegex("^\\| `((?:src|architectures)[^`]*)` \\|", RegexOptions.Multiline)]
    private static partial Regex ProjectRow();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
