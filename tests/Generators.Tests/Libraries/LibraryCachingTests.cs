using ArchGen.Generators.Libraries;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Tests.Libraries;

/// <summary>Of a library, what is needed is parsed, once: an edit of a project's file reads that file again, and none of the library's.</summary>
public class LibraryCachingTests
{
    private const string Variant = """
        using ArchGen;
        using ArchGen.Architectures;

        namespace Mine;

        [Architecture("NAME", Rope = RopeKind.HalfSplit)]
        public partial class CLASS : Qwen3
        {
            public partial class MyLayer : Layer
            {
                protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
            }
        }
        """;

    private static readonly GeneratorRun First = GeneratorRun.Of(
        [Named("One"), Named("Two"), new SourceFile("Other.cs", "namespace Mine;\n\ninternal class Other { }\n")], "Mine", LibraryVariantTests.BuiltIn)
        .AssertClean();

    [Fact]
    public void An_edit_reads_its_file_alone()
    {
        var second = First.Edit("One.cs", text => text.Replace("SwiGlu", "GeGlu", StringComparison.Ordinal)).AssertClean();
        Assert.Equal(["One"], Architectures(second, IncrementalStepRunReason.Modified));
        Assert.Equal([IncrementalStepRunReason.Modified, IncrementalStepRunReason.Cached], Files(second).Order());
    }

    [Fact]
    public void An_edit_beside_the_architectures_reads_none()
    {
        var second = First.Edit("Other.cs", text => text.Replace("class Other { }", "class Other { public int X; }", StringComparison.Ordinal));
        Assert.All(Files(second), r => Assert.Equal(IncrementalStepRunReason.Cached, r));
    }

    [Fact]
    public void A_librarys_files_are_parsed_once()
    {
        var second = First.Edit("One.cs", text => text.Replace("SwiGlu", "GeGlu", StringComparison.Ordinal));
        var (before, after) = (Trees(First), Trees(second));
        Assert.All(before, tree => Assert.Contains(after, other => ReferenceEquals(tree, other)));
    }

    [Fact]
    public void What_is_not_needed_is_not_parsed()
    {
        var names = Trees(First).Select(t => Path.GetFileName(t.FilePath)).ToList();
        Assert.Superset(new HashSet<string> { "Qwen3.cs", "Decoder.cs", "BaseDecoder.cs", "SelfAttention.cs", "LlamaNames.cs" }, names.ToHashSet());
        Assert.DoesNotContain("Llama.cs", names);
        Assert.True(names.Count < 25, string.Join(" ", names));
        Assert.Empty(Trees(GeneratorRun.Of([new SourceFile("Other.cs", "internal class Other { }")], "Mine", LibraryVariantTests.BuiltIn)));
    }

    private static SourceFile Named(string name) =>
        new(name + ".cs", Variant.Replace("NAME", name.ToLowerInvariant(), StringComparison.Ordinal).Replace("CLASS", name, StringComparison.Ordinal));

    private static List<SyntaxTree> Trees(GeneratorRun run) =>
        [.. LibrarySources.AddTo(run.Input).SyntaxTrees.Where(t => CarriedFile.IsCarried(t.FilePath))];

    private static IEnumerable<IncrementalStepRunReason> Files(GeneratorRun run) =>
        run.Result.TrackedSteps[ArchitectureGenerator.FileStep].SelectMany(s => s.Outputs).Select(o => o.Reason);

    private static IEnumerable<string> Architectures(GeneratorRun run, IncrementalStepRunReason reason) =>
        run.Result.TrackedSteps[ArchitectureGenerator.ModelStep].SelectMany(s => s.Outputs).Where(o => o.Reason == reason)
            .Select(o => ((ArchitectureModel)o.Value).ClassName);
}
