namespace ArchGen.Packages.Tests;

/// <summary>The tutorial's model in a solution of its own, which ArchGen.Testing tests, also while it is written.</summary>
public sealed class QuillSolutionTests(PackedPackages packages, QuillSolution quill) : IClassFixture<QuillSolution>
{
    /// <summary>The logits have an NMSE of at most 1e-8.</summary>
    [Fact]
    public void Its_tests_verify_the_graph_and_the_authors_logits() =>
        Assert.Contains("Failed:     0, Passed:     2", quill.Tested.Done().Text, StringComparison.Ordinal);

    /// <summary>Two mistakes in its numbers, mended one after the other.</summary>
    [Fact]
    [Trait("Category", "Watch")]
    public void Watched_tests_name_the_first_node_that_still_parts()
    {
        Assert.SkipUnless(packages.Run(quill.Solution.Folder, "dotnet", "watch", "--version").ExitCode == 0, "This .NET SDK has no dotnet watch.");
        quill.Dump();
        var right = File.ReadAllText(quill.Declaration);
        var secondMistake = Edit(right, "Tanh(logits * (1 / LogitSoftcap))", "Tanh(logits * (2 / LogitSoftcap))");
        var bothMistakes = Edit(secondMistake, "1 / Sqrt(HeadDim)", "2 / Sqrt(HeadDim)");

        Write(bothMistakes);
        using var watched = quill.Solution.Watch("--filter", "The_logits_are_the_authors");
        AssertParts(watched.Next(), "blk.0.attn ");
        Write(secondMistake);
        AssertParts(watched.Next(), "output (scale) ");
        Write(right);
        AssertPassed(watched.Next());
    }

    private static string Edit(string text, string part, string other)
    {
        Assert.Contains(part, text, StringComparison.Ordinal);
        return text.Replace(part, other, StringComparison.Ordinal);
    }

    private static void AssertPassed(string printed) => Assert.True(printed.Contains("Failed:     0, Passed:     1", StringComparison.Ordinal), printed);

    private static void AssertParts(string printed, string node)
    {
        var isNamed = printed.Contains($"\n{node}diverges from quill.nodes.tsv, in one batch", StringComparison.Ordinal);
        Assert.True(isNamed && printed.Contains("\n  declared   Quill.cs:", StringComparison.Ordinal), printed);
    }

    private void Write(string text) => File.WriteAllText(quill.Declaration, text);
}
