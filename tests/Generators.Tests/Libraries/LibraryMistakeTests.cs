using ArchGen.Generators.Tests.Diagnostics;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Tests.Libraries;

/// <summary>A mistake in a variant of an architecture of another assembly is reported as in one of an architecture beside it: id, words and place.</summary>
public class LibraryMistakeTests
{
    private const string Base = """
        namespace ArchGen.Bases;

        /// <summary>What the small decoder derives from.</summary>
        [Architecture("base")]
        public abstract partial class Base : DecoderModel
        {
            /// <summary>What its layer derives from.</summary>
            public abstract partial class BaseLayer : Block
            {
                /// <summary>x + y.</summary>
                protected Tensor Add(Tensor x, Tensor y) => x + y;
            }
        }
        """;

    private const string Variant = """
        using ArchGen;
        using ArchGen.Architectures;

        namespace Mine;

        /// <summary>Qwen3 with a layer of its own.</summary>
        [Architecture("mine", Rope = RopeKind.HalfSplit), Hf(nameof(TokenEmbd), "embed")]
        public partial class Mine : Qwen3
        {
            [HyperParameter("scale", Default = "1")] public partial float Scale { get; }

            public partial class MyLayer : Layer
            {
                [Tensor("Embd, Embd")] public partial Linear Extra { get; }

                protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, Extra.Of(h)) * Scale;
            }
        }
        """;

    private static readonly MetadataReference Library = GeneratorRun.Of([new SourceFile("Base.cs", Base)], "Bases").AssertClean().ToReference();

    private static readonly Dictionary<string, Mistake> ByName = Mistakes.All.Where(m => OnBase(m.WrongSource) != m.WrongSource)
        .ToDictionary(m => m.ToString());

    public static TheoryData<string> Names => [.. ByName.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_mistake_is_reported_as_beside_its_base(string name)
    {
        var wrong = OnBase(ByName[name].WrongSource);
        var inside = GeneratorRun.Of([new SourceFile("Base.cs", Base), new SourceFile("Tiny.cs", wrong)], "Mine");
        var outside = GeneratorRun.Of([new SourceFile("Tiny.cs", wrong)], "Mine", Library);
        Assert.Null(outside.Result.Exception);
        Assert.Equal(Reports(inside), Reports(outside));
        Assert.Equal(inside.CompilerErrors, outside.CompilerErrors);
        Assert.Equal([], outside.ErrorsInGeneratedCode);
        Assert.Contains(outside.Diagnostics, d => d.Id == ByName[name].Id);
    }

    [Fact]
    public void Nearly_all_mistakes_are_tried() => Assert.True(ByName.Count > 140, $"only {ByName.Count}");

    [Theory]
    [InlineData("\"Embd, Embd\"", "\"Emdb, Embd\"", "ARCH0002", "Emdb")]
    [InlineData("\"Embd, Embd\"", "\"Embd, Ff\"", "ARCH0001", "h")]
    [InlineData("nameof(TokenEmbd), \"embed\"", "\"TokenEmb\", \"embed\"", "ARCH0018", "\"TokenEmb\"")]
    [InlineData("Extra.Of(h)) * Scale", "h) * Scale", "ARCH0007", "Extra")]
    [InlineData(" * Scale", "", "ARCH0008", "Scale")]
    [InlineData("partial class MyLayer", "class MyLayer", "ARCH0005", "MyLayer")]
    [InlineData("class Mine : Qwen3", "class Mine : Qwenn3", null, null)]
    [InlineData("partial class MyLayer : Layer", "partial class MyLayer : Layr", null, null)]
    public void A_variant_of_a_built_in_architecture(string right, string wrong, string? id, string? place)
    {
        var source = TinyArchitecture.Replace(Variant, right, wrong);
        var inside = GeneratorRun.Of([.. DeclaredArchitectures.Files, new SourceFile("Mine.cs", source)]);
        var outside = GeneratorRun.Of([new SourceFile("Mine.cs", source)], "Mine", LibraryVariantTests.BuiltIn);
        Assert.Equal(Reports(inside), Reports(outside));
        Assert.Equal(inside.CompilerErrors, outside.CompilerErrors);
        Assert.Equal([], outside.ErrorsInGeneratedCode);
        Assert.Equal(id is null ? [] : [id], outside.Diagnostics.Select(d => d.Id));
        if (place is null) return;
        var span = outside.Diagnostics[0].Location.SourceSpan;
        Assert.Equal(place, source.Substring(span.Start, span.Length));
    }

    /// <summary>What does not fit a library's part is reported where that is called; beside it, at the part, which may be what is wrong.</summary>
    [Theory]
    [InlineData("\"Embd, Embd\"", "\"Ff, Embd\"", "SwiGlu.Of(this, Extra.Of(h))")]
    [InlineData("SwiGlu.Of(this, Extra.Of(h))", "GeGlu.Of(this, Sum(Extra.Of(h)))", "GeGlu.Of(this, Sum(Extra.Of(h)))")]
    public void A_part_that_is_called_wrongly(string right, string wrong, string place)
    {
        var source = TinyArchitecture.Replace(Variant, right, wrong);
        var inside = GeneratorRun.Of([.. DeclaredArchitectures.Files, new SourceFile("Mine.cs", source)]);
        var outside = GeneratorRun.Of([new SourceFile("Mine.cs", source)], "Mine", LibraryVariantTests.BuiltIn);
        var diagnostic = Assert.Single(outside.Diagnostics);
        // Beside it, each tensor of the part is named.
        Assert.Contains((diagnostic.Id, diagnostic.GetMessage()),
            inside.Diagnostics.Select(d => (d.Id, d.GetMessage().Replace(" (affects Mine)", "", StringComparison.Ordinal))));
        Assert.Equal(place, source.Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length));
        Assert.Equal([], outside.CompilerErrors);
    }

    [Fact]
    public void Without_a_mistake_nothing_is_reported() =>
        GeneratorRun.Of([new SourceFile("Mine.cs", Variant)], "Mine", LibraryVariantTests.BuiltIn).AssertClean();

    /// <summary>What does not fit in the base's file, which is not here, is reported at the class, with the line there.</summary>
    [Fact]
    public void A_mistake_that_shows_in_the_base()
    {
        const string Norm = "namespace ArchGen.Far;\n\n[Architecture(\"far\", Rope = RopeKind.HalfSplit)]\npublic partial class Far : ArchGen.Bases.Whole\n{\n"
            + "    protected override Tensor Last(Tensor x) => Sum(x);\n}\n";
        var whole = TinyArchitecture.Source.Replace("namespace ArchGen.Tiny", "namespace ArchGen.Bases").Replace("class Tiny", "class Whole")
            .Replace("return Output.Of(OutputNorm.Of(x));", "return Output.Of(Last(OutputNorm.Of(x)));\n    }\n\n    protected virtual Tensor Last(Tensor x)\n"
                + "    {\n        return x;");
        var library = GeneratorRun.Of([new SourceFile("Whole.cs", whole)], "Bases").AssertClean().ToReference();
        var run = GeneratorRun.Of([new SourceFile("Far.cs", Norm)], "Mine", library);
        var diagnostic = Assert.Single(run.Diagnostics);
        Assert.Equal("ARCH0001", diagnostic.Id);
        Assert.Matches(@" \(in Whole\.cs:\d+ of Bases\)$", diagnostic.GetMessage());
        Assert.Equal("Far", Norm.Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length));
        Assert.Equal([], run.CompilerErrors);
    }

    [Theory]
    [InlineData("internal float Factor", "internal")]
    [InlineData("private float Factor", "private")]
    public void What_a_library_keeps_to_itself(string member, string reach)
    {
        var source = TinyArchitecture.Replace(
            TinyArchitecture.With("public override Tensor Forward(Tokens", member + " => 1 / Sqrt(Embd);\n\n    public override Tensor Forward(Tokens"),
            "var x = TokenEmbd.Of(tokens);", "var x = TokenEmbd.Of(tokens) * Factor;");
        var library = GeneratorRun.Of([new SourceFile("Tiny.cs", source)], "Bases").AssertClean().ToReference();
        const string Far = "namespace ArchGen.Far;\n\n[Architecture(\"far\")]\npublic partial class Far : ArchGen.Tiny.Tiny;\n";
        var run = GeneratorRun.Of([new SourceFile("Far.cs", Far)], "Mine", library);
        Assert.Equal([$"ARCH0043: 'Factor' is {reach} in Tiny, and the code that is generated for Far uses it; make it protected in the library, or declare it "
            + "here"], run.Diagnostics.Select(d => $"{d.Id}: {d.GetMessage()}"));
        Assert.Equal([], run.CompilerErrors);
    }

    /// <summary>The small architecture as a variant.</summary>
    private static string OnBase(string source) => source.Replace(": DecoderModel", ": ArchGen.Bases.Base", StringComparison.Ordinal)
        .Replace("Layer : Block", "Layer : BaseLayer", StringComparison.Ordinal);

    private static IEnumerable<string> Reports(GeneratorRun run) =>
        run.Diagnostics.Select(d => $"{d.Location.GetLineSpan().Path} {d.Location.SourceSpan} {d.Id}: {d.GetMessage()}");
}
