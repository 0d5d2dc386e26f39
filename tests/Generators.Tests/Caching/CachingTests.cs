using System.Reflection;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Tests.Caching;

/// <summary>An edit re-emits what it changes, and nothing else.</summary>
public class CachingTests
{
    private static readonly string Other = TinyArchitecture.Source.Replace("Tiny", "Other").Replace("\"tiny\"", "\"other\"");

    private static readonly GeneratorRun First = GeneratorRun.Of(
        [new SourceFile("Tiny.cs", TinyArchitecture.Source), new SourceFile("Other.cs", Other),
            new SourceFile("Unrelated.cs", "public class Unrelated { public int X; }")]).AssertClean();

    [Theory]
    [InlineData("Tiny.cs", "/// <summary>A small decoder.</summary>", "// A comment.\n\n/// <summary>A small decoder.</summary>")]
    [InlineData("Tiny.cs", "var h = AttnNorm.Of(x);", "// Pre-norm.\n            var h = AttnNorm.Of(x);")]
    [InlineData("Tiny.cs", "var h = AttnNorm.Of(x);", "var   h=AttnNorm.Of( x );")]
    [InlineData("Unrelated.cs", "public int X;", "public int X, Y;")]
    [InlineData("Unrelated.cs", "public int X;", "public Unrelated? Next;")]
    public void An_edit_that_means_nothing_re_emits_nothing(string path, string text, string replacement)
    {
        var second = First.Edit(path, source => TinyArchitecture.Replace(source, text, replacement));
        Assert.Equal([], Emitted(second));
        Assert.All(Models(second), m => Assert.Contains(m.Reason, new[] { IncrementalStepRunReason.Unchanged, IncrementalStepRunReason.Cached }));
    }

    [Theory]
    [InlineData("[Tensor(\"Ff, Embd\")] public partial Linear FfnUp", "[Tensor(\"Ff, Embd\", Bias = Bias.Optional)] public partial Linear FfnUp")]
    [InlineData("FfnDown.Of(Silu(up))", "FfnDown.Of(Gelu(up))")]
    [InlineData("A small decoder.", "A smaller decoder.")]
    public void A_change_re_emits_its_architecture_alone(string text, string replacement)
    {
        var second = First.Edit("Other.cs", source => TinyArchitecture.Replace(source, text, replacement)).AssertClean();
        Assert.Equal(["Other"], Models(second).Where(m => m.Reason == IncrementalStepRunReason.Modified).Select(m => m.Name));
        Assert.Equal(
            First.Generated.Keys.Where(k => k.StartsWith("ArchGen.Other.", StringComparison.Ordinal) && !IsOfLines(k)).Order(),
            Emitted(second).Order());
        foreach (var (name, emitted) in First.Generated.Where(g => !g.Key.StartsWith("ArchGen.Other.", StringComparison.Ordinal) && !IsOfLines(g.Key)))
        {
            Assert.Equal(emitted, second.Generated[name]);
        }
    }

    [Fact]
    public void A_new_name_re_emits_the_catalog_too()
    {
        var second = First.Edit("Other.cs", source => TinyArchitecture.Replace(source, "partial class Other", "partial class Another"));
        Assert.Contains("Catalog.g.cs", Emitted(second));
        Assert.DoesNotContain(Emitted(second), name => name.StartsWith("ArchGen.Tiny.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_warning_moves_without_re_emitting_other_architectures()
    {
        var warned = First.Edit("Other.cs", source => TinyArchitecture.Replace(
            source, "public partial class Layer", "[HyperParameter(\"unread\")] public partial int Unread { get; }\n\n    public partial class Layer"));
        Assert.Equal(["ARCH0008"], warned.Diagnostics.Select(d => d.Id));
        var moved = warned.Edit("Other.cs", source => "// A line more.\n" + source);
        Assert.Equal(warned.Diagnostics[0].Location.GetLineSpan().StartLinePosition.Line + 1,
            moved.Diagnostics.Single().Location.GetLineSpan().StartLinePosition.Line);
        Assert.DoesNotContain(Emitted(moved), name => name.StartsWith("ArchGen.Tiny.", StringComparison.Ordinal)
            || name.StartsWith("Catalog", StringComparison.Ordinal));
    }

    private static IEnumerable<(string Name, IncrementalStepRunReason Reason)> Models(GeneratorRun run) =>
        run.Result.TrackedSteps[ArchitectureGenerator.ModelStep].SelectMany(s => s.Outputs)
            .Select(o => (((Model.ArchitectureModel)o.Value).ClassName, o.Reason));

    [Fact]
    public void Lines_move_by_themselves()
    {
        Assert.Contains("\"attn_norm\" => \"Tiny.cs:25\"", First.Generated["ArchGen.Tiny.Tiny.SourceLines.g.cs"]);
        var second = First.Edit("Tiny.cs", source => "// A line more.\n" + source);
        Assert.Equal([], Emitted(second));
        Assert.Contains("\"attn_norm\" => \"Tiny.cs:26\"", second.Generated["ArchGen.Tiny.Tiny.SourceLines.g.cs"]);
        Assert.Equal(First.Generated["ArchGen.Other.Other.SourceLines.g.cs"], second.Generated["ArchGen.Other.Other.SourceLines.g.cs"]);
    }

    /// <summary>Where nodes are declared is written to a file of its own, which any line above them changes; and so is the text that is carried.</summary>
    private static bool IsOfLines(string name) =>
        name.EndsWith(".SourceLines.g.cs", StringComparison.Ordinal) || name.EndsWith(".Source.g.cs", StringComparison.Ordinal);

    /// <summary>The names of the files that this run wrote anew, but for those of lines and texts.</summary>
    private static List<string> Emitted(GeneratorRun run)
    {
        var names = new List<string>();
        foreach (var (value, reason) in run.Result.TrackedOutputSteps.SelectMany(s => s.Value).SelectMany(s => s.Outputs))
        {
            if (reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged) continue;
            // The value is the compiler's own pair of sources and diagnostics; its text names the sources.
            names.AddRange(HintNames(value).Where(name => !IsOfLines(name)));
        }

        return names;
    }

    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static IEnumerable<string> HintNames(object output) =>
        ((System.Runtime.CompilerServices.ITuple)output)[0] is System.Collections.IEnumerable sources
            ? sources.Cast<object>().Select(s => (string)s.GetType().GetProperty("HintName", Any)!.GetValue(s)!)
            : throw new InvalidOperationException("The compiler's output steps have changed; read their sources' names anew.");
}
