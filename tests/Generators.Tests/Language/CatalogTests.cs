using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Tests.Language;

/// <summary>The catalog of an assembly has the architectures of those that it refers to, without being told of them.</summary>
public class CatalogTests
{
    private const string Program = "internal static class Program { public static int Count => Catalog.All.Count + Catalog.Own.Count; }";

    private static readonly MetadataReference Library = GeneratorRun.Of(TinyArchitecture.Source).AssertClean().ToReference();

    private static readonly string Second = TinyArchitecture.Source.Replace("Tiny", "Second").Replace("\"tiny\"", "\"second\"");

    [Fact]
    public void A_program_has_its_own_and_those_of_its_libraries()
    {
        var run = GeneratorRun.Of([new SourceFile("Second.cs", Second), new SourceFile("Program.cs", Program)], "My.Program-1", Library).AssertClean();
        var catalog = run.Generated["Catalog.g.cs"];
        Assert.Contains("namespace My.Program_1;", catalog, StringComparison.Ordinal);
        Assert.Contains("global::ArchGen.Second.Second.Info,", catalog, StringComparison.Ordinal);
        Assert.Contains(".. global::ArchGen.Architectures.Catalog.Own,", catalog, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_without_architectures_has_those_of_its_libraries()
    {
        var run = GeneratorRun.Of([new SourceFile("Program.cs", Program)], "Tool", Library).AssertClean();
        Assert.Contains(".. global::ArchGen.Architectures.Catalog.Own,", run.Generated["Catalog.g.cs"], StringComparison.Ordinal);
    }

    [Fact]
    public void The_namespaces_of_two_catalogs_may_be_used()
    {
        const string Using = "using ArchGen.Architectures;\nusing My;\n\n";
        GeneratorRun.Of([new SourceFile("Second.cs", Second), new SourceFile("Program.cs", Using + Program)], "My", Library).AssertClean();
    }

    [Fact]
    public void A_library_under_an_alias_is_left_out()
    {
        var run = GeneratorRun.Of([new SourceFile("Second.cs", Second)], "My", Library.WithAliases(["BuiltIn"])).AssertClean();
        Assert.DoesNotContain("ArchGen.Architectures", run.Generated["Catalog.g.cs"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_of_that_name_keeps_it()
    {
        var run = GeneratorRun.Of(TinyArchitecture.Source, "internal static class Catalog { public static int Own => 1; }").AssertClean();
        Assert.DoesNotContain("global using", run.Generated["Catalog.g.cs"], StringComparison.Ordinal);
    }

    [Fact]
    public void Without_architectures_there_is_none() => Assert.Empty(GeneratorRun.Of("internal static class Empty { }").AssertClean().Generated);
}
