using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Tests.Caching;

/// <summary>An edit in another file is seen where it changes what an architecture means, by whatever way.</summary>
public class DependencyTests
{
    private const string Numbers = "namespace ArchGen.Tiny; internal static class Numbers { public const float Scale = Halves.One; }";

    private const string Halves = """
        using System;
        namespace ArchGen.Tiny;
        // No type
        internal static class Halves { public const float One = 0.5f; }
        internal static class Unnamed { }
        """;

    private const string Other = "namespace ArchGen.Others; internal class Other { }";

    private static readonly GeneratorRun First = GeneratorRun.Of(
        [
            new SourceFile("Tiny.cs", TinyArchitecture.With("FfnDown.Of(Silu(up))", "FfnDown.Of(Silu(up) * Numbers.Scale)")),
            new SourceFile("Numbers.cs", Numbers), new SourceFile("Halves.cs", Halves), new SourceFile("Other.cs", Other),
        ]).AssertClean();

    [Fact]
    public void A_constant_that_it_names() => AssertGraph(First.Edit("Numbers.cs", s => s.Replace("Halves.One", "0.25f", StringComparison.Ordinal)), "* 0.25");

    [Fact]
    public void A_constant_that_this_names() => AssertGraph(First.Edit("Halves.cs", s => s.Replace("0.5f", "0.75f", StringComparison.Ordinal)), "* 0.75");

    [Fact]
    public void A_type_that_hides_another() => Assert.NotEmpty(First.Edit("Other.cs", _ => "namespace ArchGen.Tiny; internal class RmsNorm { }").Diagnostics);

    [Fact]
    public void An_alias_for_all()
    {
        var second = First.Edit("Other.cs", s => "global using Embd = System.Int32;\n" + s);
        Assert.Contains(Reasons(second), r => r == IncrementalStepRunReason.Unchanged);
    }

    [Theory]
    [InlineData("Other.cs", "class Other { }", "class Other { public int X; }")]
    [InlineData("Halves.cs", "0.5f; }", "0.5f; } // A comment.")]
    [InlineData("Halves.cs", "0.5f", "/* half */ 0.5f", true)]
    [InlineData("Halves.cs", "One = ", "One /*=*/ = ", true)]
    [InlineData("Halves.cs", "internal static class Unnamed { }", "internal static class Unnamed { public const int X = 0; }")]
    [InlineData("Halves.cs", "// No type", "// No type at all")]
    [InlineData("Tiny.cs", "namespace ArchGen.Tiny;", "namespace ArchGen.Tiny; // A comment.")]
    public void Nothing_else(string path, string text, string replacement, bool isRead = false)
    {
        var second = First.Edit(path, s => TinyArchitecture.Replace(s, text, replacement));
        Assert.Equal(isRead, Reasons(second).Any(r => r != IncrementalStepRunReason.Cached));
    }

    /// <summary>What stands below, in the same file, is not read again only if it keeps its line and column.</summary>
    [Theory]
    [InlineData("// No type", "// No type\n// A line more.", true)]
    [InlineData("using System;", "using System; using System.IO;", true)]
    [InlineData("// No type", "", false)]
    [InlineData("// No type", "#nullable disable", true)]
    public void What_stands_above(string text, string replacement, bool isRead)
    {
        var second = First.Edit("Halves.cs", s => TinyArchitecture.Replace(s, text, replacement));
        Assert.Equal(isRead, Reasons(second).Any(r => r != IncrementalStepRunReason.Cached));
    }

    /// <summary>A report keeps its place although an edited comment before it makes its file longer, and is the same one for all that find it.</summary>
    [Fact]
    public void A_report_where_nothing_was_read_again()
    {
        const string Unread = "[HyperParameter(\"unread\")] public partial int Unread { get; }\n\n    ";
        var source = "// A comment.\n" + TinyArchitecture.Replace(TinyArchitecture.Source, "public partial class Layer", Unread + "public partial class Layer");
        var first = GeneratorRun.Of([new SourceFile("Tiny.cs", source)]);
        var second = first.Edit("Tiny.cs", s => s.Replace("// A comment.", "// A longer comment.", StringComparison.Ordinal));
        Assert.All(Reasons(second), r => Assert.Equal(IncrementalStepRunReason.Cached, r));
        Assert.All([first, second], run =>
        {
            var location = Assert.Single(run.Diagnostics).Location;
            Assert.Equal("Unread", location.SourceTree!.GetText().ToString(location.SourceSpan));
        });
    }

    private static IEnumerable<IncrementalStepRunReason> Reasons(GeneratorRun run) =>
        run.Result.TrackedSteps[ArchitectureGenerator.FileStep].SelectMany(s => s.Outputs).Select(o => o.Reason);

    private static void AssertGraph(GeneratorRun run, string text)
    {
        Assert.DoesNotContain(text, First.Generated["ArchGen.Tiny.Tiny.Graph.g.cs"], StringComparison.Ordinal);
        Assert.Contains(text, run.Generated["ArchGen.Tiny.Tiny.Graph.g.cs"], StringComparison.Ordinal);
    }
}
