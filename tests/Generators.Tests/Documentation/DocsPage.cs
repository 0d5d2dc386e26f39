using System.Text.RegularExpressions;
using ArchGen.Generators.Tests.Diagnostics;

namespace ArchGen.Generators.Tests.Documentation;

/// <summary>A page of docs/ that shows declarations.</summary>
internal sealed partial class DocsPage(string name)
{
    public string Text { get; } = File.ReadAllText(Path.Combine(DocumentationTests.Root, "docs", name));

    /// <summary>The declarations, each a whole file; a page may leave out the line of the namespace.</summary>
    public IReadOnlyList<SourceFile> Files =>
    [
        .. Block().Matches(Text).Select(m => m.Groups[1].Value).Select((text, i) => new SourceFile(
            $"{Path.GetFileNameWithoutExtension(name)}{i}.cs",
            new[] { "namespace ", "using " }.Any(start => text.StartsWith(start, StringComparison.Ordinal)) ? text
                : "namespace ArchGen.Architectures;\n\n" + text)),
    ];

    /// <summary>The text below each heading of the given depth, up to the next heading.</summary>
    public IReadOnlyDictionary<string, string> Sections(int depth) => Heading().Matches(Text)
        .Where(m => m.Groups[1].Length == depth).ToDictionary(m => m.Groups[2].Value, m => m.Groups[3].Value);

    [GeneratedRegex("(?<=\n)```csharp\n((?:.*\n)*?)```\n")]
    private static partial Regex Block();

    [GeneratedRegex("(?:^|(?<=\n))(#+) (.*)\n((?:(?!#+ ).*\n)*)")]
    private static partial Regex Heading();
}
