using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Tests.Caching;

/// <summary>An edit in another file is seen where it changes what an architecture means, by whatever way.</summary>
public class DependencyTests
{
    private const string Numbers = "namespace ArchGen.Tiny; internal static class Numbers { public const float Scale = Halves.One; }";

    private const string Halves = "namespace ArchGen.Tiny; internal static class Halves { public const float One = 0.5f; }";

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

    [Fact]
    public void Nothing_else()
    {
        var second = First.Edit("Other.cs", s => s.Replace("class Other { }", "class Other { public int X; }", StringComparison.Ordinal));
        Assert.All(Reasons(second), r => Assert.Equal(IncrementalStepRunReason.Cached, r));
    }

    private static IEnumerable<IncrementalStepRunReason> Reasons(GeneratorRun run) =>
        run.Result.TrackedSteps[ArchitectureGenerator.FileStep].SelectMany(s => s.Outputs).Select(o => o.Reason);

    private static void AssertGraph(GeneratorRun run, string text)
    {
        Assert.DoesNotContain(text, First.Generated["ArchGen.Tiny.Tiny.Graph.g.cs"], StringComparison.Ordinal);
        Assert.Contains(text, run.Generated["ArchGen.Tiny.Tiny.Graph.g.cs"], StringComparison.Ordinal);
    }
}
