using ArchGen.Generators.Tests.Documentation;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Tests.Libraries;

/// <summary>A class of one assembly derives from an architecture of another, and is what it would be beside it.</summary>
public class LibraryVariantTests
{
    private const string Whole = """
        using ArchGen;
        using ArchGen.Architectures;

        namespace Mine;

        /// <summary>All of Qwen3.</summary>
        [Architecture("mine", Rope = RopeKind.HalfSplit)]
        public partial class Mine : Qwen3;
        """;

    private const string Parts = """
        using ArchGen;
        using ArchGen.Architectures;

        namespace Mine;

        /// <summary>A decoder of the library's parts.</summary>
        [Architecture("parts", Rope = RopeKind.HalfSplit)]
        public partial class OfParts : Decoder
        {
            public partial class Layer : PreNormLayer, IQkNorm, IGatedFeedForward
            {
                protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, LongRotary, 1 / Sqrt(HeadDim));
                protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
            }
        }
        """;

    private const string Kind = """
        using ArchGen;
        using ArchGen.Architectures;

        namespace Mine;

        /// <summary>Llama, whose dense layers have GELU, and whose files say by how much a layer counts.</summary>
        [Architecture("kind", Rope = RopeKind.Interleaved), Hf(nameof(TokenEmbd), "embed")]
        public partial class Kind : Llama
        {
            [HyperParameter("layer_scale", Default = "1")] public partial float LayerScale { get; }

            public partial class GeluLayer : DenseLayer
            {
                protected override Tensor FeedForward(Tensor h) => GeGlu.Of(this, h) * LayerScale;
            }
        }
        """;

    private const string OfTheirs = """
        namespace Ours;

        /// <summary>What a third assembly makes of it.</summary>
        [ArchGen.Architecture("ours")]
        public partial class Ours : Theirs.Kind
        {
            public partial class OurLayer : GeluLayer
            {
                protected override ArchGen.Tensor FeedForward(ArchGen.Tensor h) => Theirs.Twice.Of(base.FeedForward(h));
            }
        }
        """;

    /// <summary>A library whose files rely on what its project uses everywhere.</summary>
    private static readonly SourceFile[] Theirs =
    [
        new("Kind.cs", Kind.Replace("using ArchGen;\nusing ArchGen.Architectures;\n", "").Replace("namespace Mine", "namespace Theirs")),
        new("Usings.cs", "global using ArchGen;\nglobal using ArchGen.Architectures;\n"),
        new("Twice.cs", "namespace Theirs;\n\n// A part.\npublic abstract class Twice : OpVocabulary\n{\n    /// <summary>2x.</summary>\n"
            + "    public static Tensor Of(Tensor x) => x * Two.Number;\n}\n"),
        new("Two.cs", "namespace Theirs;\n\ninternal static class Two { public const float Number = 2; }\n"),
        new("Unrelated.cs", "namespace Theirs;\n\npublic class Unrelated { public int Secret; }\n"),
    ];

    /// <summary>The architectures that ArchGen declares, compiled.</summary>
    internal static readonly MetadataReference BuiltIn = DeclaredArchitectures.Run.ToReference();

    public static TheoryData<string> Variants => [Whole, Parts, Kind];

    [Fact]
    public void A_variant_of_a_variant_of_another_assembly()
    {
        var mine = new SourceFile("Ours.cs", OfTheirs);
        var inside = GeneratorRun.Of([.. DeclaredArchitectures.Files, .. Theirs, mine]).AssertClean();
        var theirs = GeneratorRun.Of(Theirs, "Theirs", BuiltIn).AssertClean();
        var outside = GeneratorRun.Of([mine], "Ours", BuiltIn, theirs.ToReference()).AssertClean();
        foreach (var (name, text) in inside.Generated.Where(g => g.Key.StartsWith("Ours.Ours.", StringComparison.Ordinal)))
        {
            Assert.Equal(text, outside.Generated[name]);
        }

        Assert.Equal(["Kind.Source.g.cs", "Twice.Source.g.cs", "Two.Source.g.cs"], theirs.Generated.Keys.Where(k => k.EndsWith(".Source.g.cs")).Order());
        Assert.Contains(".. global::Theirs.Catalog.Own,", outside.Generated["Catalog.g.cs"], StringComparison.Ordinal);
    }

    /// <summary>Every architecture on the compiled bases and parts: what is generated for it is what is generated beside these.</summary>
    [Fact]
    public void Every_built_in_architecture_on_the_compiled_parts()
    {
        var run = GeneratorRun.Of(DeclaredArchitectures.Files.Where(f => DeclaredArchitectures.Names.Contains(Path.GetFileNameWithoutExtension(f.Path))),
            "Again", BuiltIn);
        Assert.Empty(run.Diagnostics);
        Assert.Empty(run.CompilerErrors);
        foreach (var (name, text) in run.Generated.Where(g => g.Key.StartsWith("ArchGen.Architectures.", StringComparison.Ordinal)))
        {
            Assert.Equal(DeclaredArchitectures.Run.Generated[name], text);
        }
    }

    /// <summary>The page's declarations are those of a project of one's own.</summary>
    [Fact]
    public void The_declarations_of_the_page_are_clean()
    {
        var files = new DocsPage("variants.md").Files;
        Assert.Equal(3, files.Count);
        Assert.Empty(GeneratorRun.Of(files, "Mine", BuiltIn).AssertClean().Reported);
    }

    [Fact]
    public void A_program_carries_nothing() =>
        Assert.DoesNotContain(GeneratorRun.Program(TinyArchitecture.Source).Generated.Keys, k => k.EndsWith(".Source.g.cs", StringComparison.Ordinal));

    /// <summary>In another assembly, what is protected internal is overridden as protected.</summary>
    [Fact]
    public void An_override_of_what_is_protected_internal()
    {
        var source = TinyArchitecture.Source.Replace("return Output.Of(OutputNorm.Of(x));",
            "return Output.Of(Last(OutputNorm.Of(x)));\n    }\n\n    protected internal virtual Tensor Last(Tensor x)\n    {\n        return x;",
            StringComparison.Ordinal);
        var library = GeneratorRun.Of([new SourceFile("Tiny.cs", source)], "Bases").AssertClean().ToReference();
        const string Far = "namespace ArchGen.Far;\n\n[Architecture(\"far\")]\npublic partial class Far : ArchGen.Tiny.Tiny\n{\n"
            + "    protected override Tensor Last(Tensor x) => Silu(x);\n}\n";
        var run = GeneratorRun.Of([new SourceFile("Far.cs", Far)], "Mine", library).AssertClean();
        Assert.Contains("Silu(output_norm)", run.Generated["ArchGen.Far.Far.Graph.g.cs"], StringComparison.Ordinal);
    }

    /// <summary>What a project declares under the name of a library's type is what counts, as for the compiler.</summary>
    [Fact]
    public void A_type_of_its_own_in_place_of_the_librarys()
    {
        var own = DeclaredArchitectures.Files.Single(f => f.Path == "Qwen3.cs");
        var mine = new SourceFile("Mine.cs", Whole);
        var run = GeneratorRun.Of([own with { Text = TinyArchitecture.Replace(own.Text, "SwiGlu.Of", "GeGlu.Of") }, mine], "Mine", BuiltIn);
        Assert.Empty(run.Diagnostics);
        Assert.Empty(run.CompilerErrors);
        Assert.Contains("GeluTanh(", run.Generated["Mine.Mine.Graph.g.cs"], StringComparison.Ordinal);
    }

    /// <summary>The other types of the library's file are read all the same, in their lines.</summary>
    [Fact]
    public void A_type_of_its_own_in_place_of_one_of_a_file()
    {
        const string Pair = "namespace Theirs;\n\npublic abstract class Twice : OpVocabulary\n{\n    public static Tensor Of(Tensor x) => x * 2;\n}\n\n"
            + "public abstract class Thrice : OpVocabulary\n{\n    public static Tensor Of(Tensor x) => x * 3;\n}\n";
        const string Mine = "namespace ArchGen.Far;\n\n[Architecture(\"far\")]\npublic partial class Far : ArchGen.Tiny.Tiny\n{\n"
            + "    public override Tensor Forward(Tokens tokens) => Theirs.Twice.Of(Theirs.Thrice.Of(base.Forward(tokens)));\n}\n";
        var library = GeneratorRun.Of(
            [new SourceFile("Tiny.cs", TinyArchitecture.Source), new SourceFile("Pair.cs", "global using ArchGen;\n" + Pair)], "Bases")
            .AssertClean().ToReference();
        var own = Pair[..Pair.IndexOf("public abstract class Thrice", StringComparison.Ordinal)].Replace("x * 2", "x * 4", StringComparison.Ordinal);
        var run = GeneratorRun.Of([new SourceFile("Far.cs", Mine), new SourceFile("Own.cs", "using ArchGen;\n" + own)], "Mine", library);
        Assert.Empty(run.Diagnostics);
        Assert.Empty(run.CompilerErrors);
        var graph = run.Generated["ArchGen.Far.Far.Graph.g.cs"];
        Assert.Contains("* 3", graph, StringComparison.Ordinal);
        Assert.Contains("* 4", graph, StringComparison.Ordinal);
        Assert.DoesNotContain("* 2)", graph, StringComparison.Ordinal);
        Assert.Contains("\"Pair.cs:11\"", run.Generated["ArchGen.Far.Far.SourceLines.g.cs"], StringComparison.Ordinal);
        var second = run.Edit("Far.cs", s => "// A line more.\n" + s);
        Assert.Equal(run.Generated["ArchGen.Far.Far.Graph.g.cs"], second.Generated["ArchGen.Far.Far.Graph.g.cs"]);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_variant_is_what_it_would_be_beside_its_base(string source)
    {
        var inside = GeneratorRun.Of([.. DeclaredArchitectures.Files, new SourceFile("Mine.cs", source)]).AssertClean();
        var outside = GeneratorRun.Of([new SourceFile("Mine.cs", source)], "Mine", BuiltIn).AssertClean();
        var files = inside.Generated.Where(g => g.Key.StartsWith("Mine.", StringComparison.Ordinal) && g.Key != "Mine.Source.g.cs").ToList();
        Assert.True(files.Count >= 6);
        foreach (var (name, text) in files) Assert.Equal(text, outside.Generated[name]);
        Assert.Equal(files.Select(f => f.Key).Append("Catalog.g.cs").Append("Mine.Source.g.cs").Order(), outside.Generated.Keys.Order());
    }
}
