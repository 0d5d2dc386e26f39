using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Tests.Diagnostics;

/// <summary>Mistakes of a porter that are not those of one small declaration: in bases, in variants, in the class itself.</summary>
public class PorterMistakeTests
{
    private const string Gated =
        "[Architecture(\"variant\", Rope = RopeKind.HalfSplit)]\npublic partial class Variant : BASE;\n";

    public static TheoryData<string> Concrete => [.. DeclaredArchitectures.Names.Where(n => n is not ("T5" or "T5Encoder"))];

    /// <summary>Whatever a base keeps to itself, one may derive from it: nine had a private method that makes tensors.</summary>
    [Theory]
    [MemberData(nameof(Concrete))]
    public void A_variant_of_each_architecture(string name)
    {
        var files = Porting.WithBases([name + ".cs"]);
        GeneratorRun.Of([.. files, new SourceFile("Variant.cs", "namespace ArchGen.Architectures;\n\n" + Gated.Replace("BASE", name))]).AssertClean();
    }

    [Fact]
    public void A_private_method_that_makes_tensors_is_the_variants_too()
    {
        var run = GeneratorRun.Of(
            [.. Porting.WithBases(["Dbrx.cs"]), new SourceFile("Variant.cs", "namespace ArchGen.Architectures;\n\n" + Gated.Replace("BASE", "Dbrx"))])
            .AssertClean();
        Assert.Contains("\"blk.{i}.ffn_up_exps\" => ByExpertOfDbrx(weights),", run.Generated["ArchGen.Architectures.Variant.Converter.g.cs"],
            StringComparison.Ordinal);
        Assert.Contains("ByExpertOfDbrx(global::ArchGen.Weights value) => ByExpert(value);",
            run.Generated["ArchGen.Architectures.Dbrx.Members.g.cs"], StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_base_keeps_to_itself_is_reported_at_the_variant()
    {
        const string Private = "private float Factor => 1 / Sqrt(Embd);\n\n    public override Tensor Forward(Tokens";
        var source = TinyArchitecture.Replace(TinyArchitecture.With("public override Tensor Forward(Tokens", Private), "var x = TokenEmbd.Of(tokens);",
            "var x = TokenEmbd.Of(tokens) * Factor;");
        var variant = new SourceFile("Variant.cs", "namespace ArchGen.Tiny;\n\n" + Gated.Replace("BASE", "Tiny"));
        var message = "'Factor' is private in Tiny, and the code that is generated for Variant uses it; make it protected, or private protected";
        GeneratorRun.Of([new SourceFile("Tiny.cs", source), variant]).AssertOne("ARCH0043", "Variant.cs", "Variant", message);
        GeneratorRun.Of([new SourceFile("Tiny.cs", source), variant, variant with { Path = "Other.cs", Text = variant.Text.Replace("ariant", "ersion") }])
            .AssertOne("ARCH0043", "Tiny.cs", "Factor", message + " (affects Variant, Version)");
        GeneratorRun.Of([new SourceFile("Tiny.cs", source.Replace("private float", "protected float")), variant]).AssertClean();
    }

    [Fact]
    public void Classes_may_differ_in_case_only()
    {
        var run = GeneratorRun.Of(TinyArchitecture.Source, TinyArchitecture.Source.Replace("class Tiny", "class TINY").Replace("\"tiny\"", "\"other\""))
            .AssertClean();
        Assert.Equal(17, run.Generated.Keys.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Contains("TINY.Info", run.Generated["Catalog.g.cs"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("namespace ArchGen.@new;", "class Tiny")]
    [InlineData("namespace ArchGen.Tiny;", "class @class")]
    [InlineData("namespace ArchGen.Tiny;", "class \u00dcber")]
    public void Names_may_be_any_of_c_sharp(string scope, string name) =>
        GeneratorRun.Of(TinyArchitecture.With("namespace ArchGen.Tiny;", scope).Replace("class Tiny", name)).AssertClean();

    [Theory]
    [InlineData("class Tiny : DecoderModel", "class Tiny")]
    [InlineData("class Tiny : DecoderModel", "class Tiny : IDisposable")]
    public void A_class_that_derives_from_no_model_is_one_mistake(string text, string replacement)
    {
        var run = GeneratorRun.Of(TinyArchitecture.With(text, replacement)
            .Replace("public override Tensor Forward(Tokens", "public void Dispose()\n    {\n    }\n\n    public override Tensor Forward(Tokens"));
        run.AssertOne("ARCH0006", "File0.cs", "Tiny", "'Tiny' has [Architecture], but does not derive from Model; derive it from DecoderModel or Model");
        Assert.Equal([], run.CompilerErrors);
    }

    /// <summary>The compiler has its say about the base that cannot be overridden in, and no more.</summary>
    [Fact]
    public void A_class_that_derives_from_another_class_is_one_mistake()
    {
        var run = GeneratorRun.Of(TinyArchitecture.With("class Tiny : DecoderModel", "class Tiny : OpVocabulary"));
        run.AssertOne("ARCH0006", "File0.cs", "Tiny", "'Tiny' has [Architecture], but does not derive from Model; derive it from DecoderModel or Model");
        Assert.Equal(["CS0115"], run.CompilerDiagnostics(DiagnosticSeverity.Error).Select(d => d.Id));
    }

    [Theory]
    [InlineData("DecoderModle")]
    [InlineData("Transformer")]
    public void A_misspelt_base_is_the_compilers_to_report_once(string name) =>
        AssertUnknown(GeneratorRun.Of(TinyArchitecture.With(": DecoderModel", ": " + name)));

    [Theory]
    [InlineData("Qwen3.cs", "class Layer : PreNormLayer", "class Layer : PreNormLayr")]
    [InlineData("Qwen3.cs", "class Qwen3 : Decoder", "class Qwen3 : Decodr")]
    [InlineData("NomicBert.cs", "class GatedLayer : Layer", "class GatedLayer : Layr")]
    [InlineData("NomicBert.cs", "class NomicBert : Bert", "class NomicBert : Brt")]
    [InlineData("Gemma2.cs", "class Gemma2 : PostNormGemma", "class Gemma2 : PostNormGema")]
    public void A_misspelt_architecture_is_the_compilers_to_report_once(string file, string text, string replacement) =>
        AssertUnknown(Porting.Run([file], (file, text, replacement)));

    [Fact]
    public void A_block_without_a_base_is_one_mistake()
    {
        var run = GeneratorRun.Of(TinyArchitecture.With("class Layer : Block", "class Layer"));
        run.AssertOne("ARCH0026", "File0.cs", "AttnNorm", "'AttnNorm' has [Tensor], but 'Layer' is not a block of Tiny; derive it from Block");
        Assert.Equal([], run.CompilerErrors);
    }

    [Fact]
    public void A_generic_block_is_one_mistake()
    {
        var run = GeneratorRun.Of(TinyArchitecture.With("class Layer : Block", "class Layer<T> : Block").Replace("BlockList<Layer>", "BlockList<Layer<int>>"));
        run.AssertOne("ARCH0027", "File0.cs", "Layer", "'Layer' is a block, so it must not be generic");
        Assert.Equal([], run.CompilerErrors);
    }

    [Fact]
    public void A_concrete_block_of_an_abstract_architecture_is_one_mistake()
    {
        var run = GeneratorRun.Of(TinyArchitecture.With("public partial class Tiny", "public abstract partial class Tiny"));
        run.AssertOne("ARCH0041", "File0.cs", "Layer",
            "'Layer' is a block of an abstract architecture, which makes none; write abstract, and derive a block from it in each variant");
        Assert.Equal([], run.CompilerErrors);
    }

    /// <summary>All that have the part multiply by it, each in its own file.</summary>
    [Fact]
    public void A_wrong_shape_in_a_part_is_reported_there()
    {
        const string Queries = "[Tensor(\"Heads*HeadDim, Embd\", Bias = Bias.Optional)] Linear AttnQ {";
        var run = Porting.Run(["Llama.cs", "Qwen2.cs", "SmolLm3.cs"], ("SelfAttention.cs", Queries, Queries.Replace("Embd", "Ff")));
        run.AssertOne("ARCH0001", "SelfAttention.cs", "\"Heads*HeadDim, Ff\"",
            "operand 'x' of linear has shape [T, Embd]: its last dimension is Embd, expected Ff (linear 'AttnQ' [HeadDim*Heads, Ff]: x [T, Embd], weight "
                + "[HeadDim*Heads, Ff]) (affects Llama, Qwen2, SmolLm3)");
    }

    /// <summary>A variant that does not state a kind of rotation has its base's.</summary>
    [Fact]
    public void A_variant_rotates_as_its_base_does()
    {
        var kind = TinyArchitecture.Replace(Gated, ", Rope = RopeKind.HalfSplit", "");
        foreach (var (name, rope) in new[] { ("Qwen2", "HalfSplit"), ("SmolLm3", "Interleaved"), ("Refact", "None") })
        {
            var variant = new SourceFile("Variant.cs", "namespace ArchGen.Architectures;\n\n" + kind.Replace("BASE", name));
            var run = GeneratorRun.Of([.. Porting.WithBases([name + ".cs"]), variant]).AssertClean();
            Assert.Contains($"RopeKind RopeKind => RopeKind.{rope};", string.Concat(run.Generated.Where(g => g.Key.Contains("Variant")).Select(g => g.Value)),
                StringComparison.Ordinal);
        }
    }

    /// <summary>The product is written down in the functions of a part; the mistake is in none but this declaration.</summary>
    [Theory]
    [InlineData("FfnUpExps", "ExpertCount, ExpertFf, Embd", "ExpertCount, Embd, ExpertFf")]
    [InlineData("FfnGateExps", "ExpertCount, ExpertFf, Embd", "ExpertCount, Embd, ExpertFf")]
    [InlineData("FfnDownExps", "ExpertCount, Embd, ExpertFf", "ExpertCount, ExpertFf, Embd")]
    [InlineData("FfnUpExps", "ExpertCount, ExpertFf, Embd", "ExpertCount, Ff, Embd")]
    public void Wrong_dimensions_of_experts_are_reported_at_their_declaration(string tensor, string shape, string wrong)
    {
        var lines = DeclaredArchitectures.Files.Single(f => f.Path == "Mixture.cs").Text.Split('\n');
        var declaration = lines.First(l => l.Contains($" Experts {tensor} ", StringComparison.Ordinal));
        var run = Porting.Run(["Llama.cs"], ("Mixture.cs", declaration, TinyArchitecture.Replace(declaration, $"\"{shape}\"", $"\"{wrong}\"")));
        Assert.Equal([], run.ErrorsInGeneratedCode);
        var diagnostic = Assert.Single(run.Diagnostics);
        Assert.Equal(("ARCH0001", "Mixture.cs"), (diagnostic.Id, diagnostic.Location.GetLineSpan().Path));
        Assert.Equal($"\"{wrong}\"", diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan));
        var line = diagnostic.Location.GetLineSpan().StartLinePosition.Line;
        Assert.Contains($" Experts {tensor} ", diagnostic.Location.SourceTree.GetText().Lines[line].ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AttnQ.Of(h).Heads(Heads)", "AttnQ.Of(h).Heads(KvHeads)", "Heads", "KvHeads", "AttnQ")]
    [InlineData("AttnK.Of(h).Heads(KvHeads)", "AttnK.Of(h).Heads(Heads)", "KvHeads", "Heads", "AttnK")]
    public void The_wrong_number_of_heads_is_reported_where_it_is_written(string text, string wrong, string right, string written, string tensor) =>
        Porting.Run(["BitNet.cs"], ("BitNet.cs", text, wrong)).AssertOne(
            "ARCH0036", "BitNet.cs", wrong,
            $"the last dimension of [T, HeadDim*{right}] is that of {right} heads, not of {written}; write Heads({right}), or correct the shape of '{tensor}'");

    private static void AssertUnknown(GeneratorRun run)
    {
        Assert.Null(run.Result.Exception);
        var errors = run.CompilerDiagnostics(DiagnosticSeverity.Error).ToList();
        Assert.True(run.Diagnostics.Count == 0 && errors is [{ Id: "CS0246" }], string.Join('\n', run.Diagnostics.Concat(errors)));
    }
}
