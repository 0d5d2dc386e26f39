using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Tests.Diagnostics;

/// <summary>The mistakes of docs/tutorial.md are reported as it says.</summary>
public class TutorialTests
{
    private static readonly string Docs = Path.Combine(DocumentationTests.Root, "docs");

    private static readonly string Source = File.ReadAllText(Path.Combine(Docs, "tutorial", "Quill.cs"));

    /// <summary>What is removed, what is put there, and what is reported.</summary>
    private static IEnumerable<(string Removed, string Added, string Report)> Mistakes =>
        Regex.Matches(File.ReadAllText(Path.Combine(Docs, "tutorial.md")), "```diff\n-(.*)\n\\+(.*)\n```\n\n```text\n((?:.*\n)*?)```\n")
            .Select(m => (m.Groups[1].Value, m.Groups[2].Value, m.Groups[3].Value.TrimEnd()));

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, 3)];

    [Fact]
    public void The_declaration_is_clean() => GeneratorRun.Of([new SourceFile("Quill.cs", Source)]).AssertClean();

    [Fact]
    public void No_mistake_is_left_out() => Assert.Equal(Numbers.Count, Mistakes.Count());

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_mistake_is_reported_as_the_tutorial_says(int number)
    {
        var (removed, added, report) = Mistakes.ElementAt(number);
        Assert.Contains(removed + "\n", Source, StringComparison.Ordinal);
        var run = GeneratorRun.Of([new SourceFile("Quill.cs", Source.Replace(removed, added, StringComparison.Ordinal))]);
        Assert.Equal(report, string.Join('\n', run.Diagnostics.Select(Show)));
        Assert.Empty(run.CompilerErrors);
    }

    /// <summary>The layer of parts has the operations of the one that is written out, on the same tensors.</summary>
    [Fact]
    public void The_layer_of_parts_is_the_same()
    {
        var layer = Regex.Match(File.ReadAllText(Path.Combine(Docs, "tutorial.md")), "```cs\n((?:.*\n)*?)```\n").Groups[1].Value;
        var start = Source.IndexOf("    public partial class Layer", StringComparison.Ordinal);
        var end = Source.IndexOf("    public override Tensor Forward", StringComparison.Ordinal);
        var shorter = Source[..start] + layer + "\n" + Source[end..];
        var run = GeneratorRun.Of([.. Porting.WithBases([.. Porting.MentionedBy(shorter)]), new SourceFile("Quill.cs", shorter)]).AssertClean();
        var operations = Operations(run).ToList();
        Assert.True(operations.Count > 20);
        Assert.Equal(Operations(GeneratorRun.Of([new SourceFile("Quill.cs", Source)])), operations);

        static IEnumerable<string> Operations(GeneratorRun run) => Regex.Matches(
            run.Generated["ArchGen.Architectures.Quill.TensorNames.g.cs"], @"Op\.\w+, ""[^""]*""").Select(m => m.Value).Order(StringComparer.Ordinal);
    }

    private static string Show(Diagnostic diagnostic) => diagnostic.ToString();
}
