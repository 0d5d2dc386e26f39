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

    /// <summary>A part is several types in one file: an edit of one reads those that use it.</summary>
    [Fact]
    public void An_edit_of_a_part_reads_what_uses_it()
    {
        var edit = MeasuredEdit.All.Single(e => e.What.Contains("a part that", StringComparison.Ordinal));
        var read = ReadAgain(edit.Path, edit.Of).ToList();
        Assert.Superset(new HashSet<string> { "LlamaOf0", "Qwen3Of0", "Qwen3Of1" }, read.ToHashSet());
        foreach (var other in new[] { "GemmaOf0", "Gpt2Of0", "Mamba2Of0" }) Assert.DoesNotContain(other, read);
        Assert.Empty(ReadAgain(edit.Path, source => TinyArchitecture.Replace(source, "<summary>Gated by SiLU", "<summary>It is gated by SiLU")));
    }

    /// <summary>What <c>benchmarks/Generator</c> measures can be edited, and undone.</summary>
    [Fact]
    public void The_measured_edits_are_of_these_files() => Assert.All(MeasuredEdit.All, edit =>
    {
        var source = Files.Single(f => f.Path == edit.Path).Text;
        Assert.NotEqual(source, edit.Of(source));
        Assert.Equal(source, edit.Undone(edit.Of(source)));
    });

    /// <summary>The architectures that are read again after an edit in a set, by default the second.</summary>
    private static IEnumerable<string> ReadAgain(string architecture, string text, string replacement, int set = 1) =>
        ReadAgain(architecture + ManyArchitectures.Suffix(set) + ".cs", source => TinyArchitecture.Replace(source, text, replacement));

    private static IEnumerable<string> ReadAgain(string path, Func<string, string> edit)
    {
        var second = First.Edit(path, edit);
        return second.Result.TrackedSteps[ArchitectureGenerator.FileStep].SelectMany(s => s.Outputs)
            .Where(o => o.Reason != IncrementalStepRunReason.Cached)
            .SelectMany(o => ((Model.FileModel)o.Value).Architectures).Select(a => a.ClassName);
    }
}
