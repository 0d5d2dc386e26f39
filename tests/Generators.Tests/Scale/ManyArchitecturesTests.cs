using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Tests.Scale;

/// <summary>A project of 150 architectures is generated without a fault, and an edit re-reads the files that it can change, and no other.</summary>
public class ManyArchitecturesTests
{
    private static readonly IReadOnlyList<SourceFile> Files = ManyArchitectures.Of(DeclaredArchitectures.Files, 150);
    private static readonly GeneratorRun First = GeneratorRun.Of(Files);

    [Fact]
    public void All_are_generated()
    {
        First.AssertClean();
        Assert.Equal(Files.Count(f => f.Text.Contains("[Architecture(", StringComparison.Ordinal)),
            First.Result.TrackedSteps[ArchitectureGenerator.ModelStep].SelectMany(s => s.Outputs).Count());
        Assert.Equal(150, First.Generated["Catalog.g.cs"].Split(".Info,").Length - 1);
        Assert.Equal(
            DeclaredArchitectures.Run.Generated["ArchGen.Architectures.Llama.Graph.g.cs"],
            First.Generated["ArchGen.Architectures.LlamaOf1.Graph.g.cs"].Replace("LlamaOf1", "Llama", StringComparison.Ordinal)
                .Replace("llama-1", "llama", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("DeepSeek2", "    public bool IsSplit", "    // A comment.\n    public bool IsSplit")]
    [InlineData("DeepSeek2", "SwiGlu.Of(this, h)", "GeGlu.Of(this, h)")]
    [InlineData("DeepSeek2", "Default = \"HeadDim\"", "Default = \"RopeDims\"")]
    [InlineData("Mamba2", "class Mamba2Of1 : DecoderOf1", "class Mamba3Of1 : DecoderOf1")]
    public void An_edit_reads_its_file_alone(string architecture, string text, string replacement) =>
        Assert.Equal([architecture + "Of1"], ReadAgain(architecture, text, replacement).Select(n => n == "Mamba3Of1" ? "Mamba2Of1" : n));

    [Fact]
    public void An_edit_of_a_base_reads_its_variants_too()
    {
        var variants = new List<string> { "Gemma" };
        while (DeclaredArchitectures.Files.FirstOrDefault(
            f => !variants.Contains(Name(f))
            && variants.Exists(v => System.Text.RegularExpressions.Regex.IsMatch(
            f.Text, $@"^public (abstract )?partial class \w+ : {v}\b", System.Text.RegularExpressions.RegexOptions.Multiline))) is { } file)
        {
            variants.Add(Name(file));
        }

        Assert.True(variants.Count > 2);
        var suffix = ManyArchitectures.Suffix(0);
        Assert.Equal(
            variants.Select(v => v + suffix).Order(StringComparer.Ordinal),
            ReadAgain("Gemma", "GeGlu.Of(this, h)", "SwiGlu.Of(this, h)", set: 0).Order(StringComparer.Ordinal));

        static string Name(SourceFile file) => Path.GetFileNameWithoutExtension(file.Path);
    }

    /// <summary>The architectures that are read again after an edit in a set, by default the second.</summary>
    private static IEnumerable<string> ReadAgain(string architecture, string text, string replacement, int set = 1)
    {
        var path = architecture + ManyArchitectures.Suffix(set) + ".cs";
        var second = First.Edit(path, source => TinyArchitecture.Replace(source, text, replacement));
        return second.Result.TrackedSteps[ArchitectureGenerator.FileStep].SelectMany(s => s.Outputs)
            .Where(o => o.Reason != IncrementalStepRunReason.Cached)
            .SelectMany(o => ((Model.FileModel)o.Value).Architectures).Select(a => a.ClassName);
    }
}
