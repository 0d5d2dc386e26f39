using ArchGen.Generators.Diagnostics;

namespace ArchGen.Generators.Tests.Diagnostics;

/// <summary>One mistake is one report, at the place of the mistake; without it all is well; and it is no one else's trouble.</summary>
public class MistakeTests
{
    private static readonly string Other = TinyArchitecture.Source.Replace("Tiny", "Other").Replace("\"tiny\"", "\"other\"");

    private static readonly IReadOnlyDictionary<string, string> Alone = GeneratorRun.Of(Other).AssertClean().Generated;

    private static readonly Dictionary<string, Mistake> ByName = Mistakes.All.ToDictionary(m => m.ToString());

    public static TheoryData<string> Names => [.. ByName.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_mistake_is_reported_once_at_its_place(string name)
    {
        var mistake = ByName[name];
        var run = GeneratorRun.Of(mistake.WrongSource, Other);
        Assert.Null(run.Result.Exception);
        Assert.Equal([$"{mistake.Id}: {mistake.Message}"], run.Diagnostics.Select(d => $"{d.Id}: {d.GetMessage()}"));
        Assert.Equal($"{Descriptors.Pages}{mistake.Id}.md", run.Diagnostics[0].Descriptor.HelpLinkUri);
        var span = run.Diagnostics[0].Location.SourceSpan;
        Assert.Equal(mistake.WrongSource.Substring(mistake.Place.Start, mistake.Place.Length), mistake.WrongSource.Substring(span.Start, span.Length));
        Assert.Equal(mistake.Place, (span.Start, span.Length));
        Assert.Equal("File0.cs", run.Diagnostics[0].Location.GetLineSpan().Path);
        Assert.Equal(mistake.Compiler.Order(), run.CompilerErrors);
        Assert.Equal([], run.ErrorsInGeneratedCode);

        foreach (var (file, text) in Alone.Where(g => g.Key.StartsWith("ArchGen.Other.", StringComparison.Ordinal)
            && !g.Key.EndsWith(".SourceLines.g.cs", StringComparison.Ordinal)))
        {
            Assert.Equal(text, run.Generated[file]);
        }

        Assert.Contains("Other.Info", run.Generated["Catalog.g.cs"], StringComparison.Ordinal);
        var isError = Descriptors.Of(mistake.Id).DefaultSeverity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error;
        Assert.Equal(!isError || mistake.SparesTiny, run.Generated["Catalog.g.cs"].Contains("Tiny.Info", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Without_the_mistake_nothing_is_reported(string name) => GeneratorRun.Of(ByName[name].RightSource, Other).AssertClean();

    [Fact]
    public void Every_descriptor_has_a_mistake() => Assert.Equal(
        Descriptors.All.Select(d => d.Id).Except(ReportedByOtherTests).Order(), Mistakes.All.Select(m => m.Id).Distinct().Order());

    /// <summary>Mistakes that take more than one edit of one architecture; <see cref="ProjectMistakeTests"/> and <see cref="PartTests"/> have them.</summary>
    private static readonly string[] ReportedByOtherTests = ["ARCH0017", "ARCH0021", "ARCH0027", "ARCH0043", "ARCH0047", "ARCH0048"];
}
