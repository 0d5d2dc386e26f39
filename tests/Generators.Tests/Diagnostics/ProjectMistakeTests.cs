namespace ArchGen.Generators.Tests.Diagnostics;

/// <summary>Mistakes between several architectures or projects.</summary>
public class ProjectMistakeTests
{
    /// <summary>T5 and its encoder, with an edit of one of them, and the parts that they name.</summary>
    private static GeneratorRun T5(string file, string text, string replacement) => GeneratorRun.Of(Porting.WithBases(["T5.cs", "T5Encoder.cs"])
        .Select(f => f.Path == file ? f with { Text = TinyArchitecture.Replace(f.Text, text, replacement) } : f));

    [Fact]
    public void Two_architectures_of_one_name()
    {
        var other = TinyArchitecture.Source.Replace("Tiny", "Other");
        var run = GeneratorRun.Of(TinyArchitecture.Source, other);
        var diagnostic = Assert.Single(run.Diagnostics);
        Assert.Equal("ARCH0021: 'Tiny' and 'Other' both declare the architecture 'tiny'", $"{diagnostic.Id}: {diagnostic.GetMessage()}");
        Assert.Equal("File1.cs", diagnostic.Location.GetLineSpan().Path);
        Assert.Equal("\"tiny\"", other.Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length));
        Assert.Equal([], run.CompilerErrors);
        GeneratorRun.Of(TinyArchitecture.Source, other.Replace("\"tiny\"", "\"other\"")).AssertClean();
    }

    /// <summary>A class of transformers that two architectures claim is an error at the second: no checkpoint is converted by whichever comes first.</summary>
    [Fact]
    public void Two_architectures_of_one_hugging_face_class()
    {
        var first = TinyArchitecture.With(Mistakes.Claim.Text, Mistakes.Claim.Replacement)
            .Replace("\"TinyForCausalLM\"", "\"OneForCausalLM\", \"TwoForCausalLM\"");
        var other = first.Replace("Tiny", "Other").Replace("\"tiny\"", "\"other\"").Replace("OneForCausalLM", "ThreeForCausalLM");
        var run = GeneratorRun.Of(first, other);
        var diagnostic = Assert.Single(run.Diagnostics);
        Assert.Equal("ARCH0021: 'Tiny' and 'Other' both claim the Hugging Face class 'TwoForCausalLM'", $"{diagnostic.Id}: {diagnostic.GetMessage()}");
        Assert.Equal(Microsoft.CodeAnalysis.DiagnosticSeverity.Error, diagnostic.Severity);
        Assert.Equal("File1.cs", diagnostic.Location.GetLineSpan().Path);
        Assert.Equal("\"TwoForCausalLM\"", other.Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length));
        Assert.Equal([], run.CompilerErrors);
        GeneratorRun.Of(first, other.Replace("TwoForCausalLM", "FourForCausalLM")).AssertClean();
        // What an abstract one claims becomes no file of it; its variants claim for themselves.
        Assert.DoesNotContain(GeneratorRun.Of(first, other.Replace("public partial class Other", "public abstract partial class Other")).Diagnostics,
            d => d.Id == "ARCH0021");
    }

    [Theory]
    [InlineData("public class Outer\n{\n", "\n}", "public partial class Tiny")]
    public void An_architecture_within_a_class(string before, string after, string declaration)
    {
        var source = TinyArchitecture.With("/// <summary>A small decoder.</summary>\n", before) + after;
        var run = GeneratorRun.Of(source);
        var diagnostic = Assert.Single(run.Diagnostics);
        Assert.Equal("ARCH0027: 'Tiny' has [Architecture], so it must be neither nested in another class nor generic nor local to a file",
            $"{diagnostic.Id}: {diagnostic.GetMessage()}");
        Assert.Equal(source.IndexOf(declaration, StringComparison.Ordinal) + declaration.Length - "Tiny".Length, diagnostic.Location.SourceSpan.Start);
        // The compiler's own: Outer is not partial.
        Assert.Equal(["CS0260"], run.CompilerDiagnostics(Microsoft.CodeAnalysis.DiagnosticSeverity.Error).Select(d => d.Id));
        Assert.Equal([], GeneratorRun.Of(source.Replace("class Outer", "partial class Outer")).CompilerErrors);
    }

    [Fact]
    public void A_generic_architecture()
    {
        var source = TinyArchitecture.With("partial class Tiny", "partial class Tiny<T>");
        var run = GeneratorRun.Of(source);
        Assert.Equal(["ARCH0027"], run.Diagnostics.Select(d => d.Id));
        Assert.Equal("Tiny", source.Substring(run.Diagnostics[0].Location.SourceSpan.Start, run.Diagnostics[0].Location.SourceSpan.Length));
        Assert.Equal([], run.CompilerErrors);
    }

    [Fact]
    public void A_base_of_another_project()
    {
        var library = GeneratorRun.Of([new SourceFile("Tiny.cs", TinyArchitecture.Source)], "Theirs").AssertClean().ToReference(_ => "");
        const string Source =
            "namespace ArchGen.Far;\n\n[Architecture(\"far\", Rope = RopeKind.HalfSplit)]\npublic partial class Far : "
            + "ArchGen.Tiny.Tiny;\n";
        var run = GeneratorRun.Of([new SourceFile("Far.cs", Source)], library);
        var diagnostic = Assert.Single(run.Diagnostics);
        Assert.Equal(
            "ARCH0017: The body of 'Forward' is not in this project, and Theirs carries no sources, so no graph can be generated from it; build Theirs as a "
                + "library with the generator of ArchGen, or add the file to this project",
            $"{diagnostic.Id}: {diagnostic.GetMessage()}");
        Assert.Equal("Far", Source.Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length));
        Assert.Equal([], run.CompilerErrors);
        GeneratorRun.Of([new SourceFile("Tiny.cs", TinyArchitecture.Source), new SourceFile("Far.cs", Source)]).AssertClean();
    }

    [Fact]
    public void A_method_of_another_project()
    {
        var library = GeneratorRun.Of(
            [new SourceFile("Tiny.cs", TinyArchitecture.With("public override Tensor Forward(Tokens",
            "protected static Tensor Same(Tensor x) => x;\n\n    public override Tensor Forward(Tokens"))]).AssertClean().ToReference(_ => "");
        const string Source = """
            namespace ArchGen.Far;

            [Architecture("far")]
            public partial class Far : ArchGen.Tiny.Tiny
            {
                [Tensor("Vocab, Embd")] public partial Embedding Table { get; }

                public override Tensor Forward(Tokens tokens) => Same(Table.Of(tokens));
            }

            """;
        var run = GeneratorRun.Of([new SourceFile("Far.cs", Source)], library);
        Assert.Equal(["ARCH0017"], run.Diagnostics.Select(d => d.Id));
        Assert.Equal("Same(Table.Of(tokens))", Source.Substring(run.Diagnostics[0].Location.SourceSpan.Start, run.Diagnostics[0].Location.SourceSpan.Length));
        GeneratorRun.Of([new SourceFile("Far.cs", Source.Replace("Same(Table.Of(tokens))", "Table.Of(tokens)"))], library).AssertClean();
    }

    /// <summary>It derives from the vocabulary by way of another class, and nothing there names it: the library carries others.</summary>
    [Fact]
    public void A_method_that_a_library_does_not_carry()
    {
        const string Unnamed = "namespace ArchGen.Tiny;\n\npublic abstract class Unnamed : Own { public static Tensor Same(Tensor x) => x; }\n";
        var library = GeneratorRun.Of(
            [
                new SourceFile("Tiny.cs", TinyArchitecture.Source), new SourceFile("Unnamed.cs", Unnamed),
                new SourceFile("Own.cs", "namespace ArchGen.Tiny;\n\npublic abstract class Own : OpVocabulary;\n"),
            ], "Theirs").AssertClean().ToReference();
        const string Source = """
            namespace ArchGen.Far;

            [Architecture("far")]
            public partial class Far : ArchGen.Tiny.Tiny
            {
                public override Tensor Forward(Tokens tokens) => ArchGen.Tiny.Unnamed.Same(base.Forward(tokens));
            }

            """;
        var run = GeneratorRun.Of([new SourceFile("Far.cs", Source)], library);
        Assert.Equal(
            ["ARCH0017: The body of 'Same' is not in this project, and Theirs carries other sources, but not this one, so no graph can be generated from it; "
                + "derive Unnamed from OpVocabulary itself there, or add the file to this project"],
            run.Diagnostics.Select(d => $"{d.Id}: {d.GetMessage()}"));
    }

    /// <summary>The encoder-decoder's base demands more of its generated half; a mistake must not take that away.</summary>
    [Fact]
    public void A_mistake_in_an_encoder_decoder()
    {
        GeneratorRun.Of(Porting.WithBases(["T5.cs"])).AssertClean();
        var run = T5("T5.cs", "return EncoderNorm.Of(x);", "return EncoderNorm.Of(Sum(x));");
        Assert.Equal(["ARCH0001"], run.Diagnostics.Select(d => d.Id));
        Assert.Equal([], run.CompilerErrors);
    }

    /// <summary>A block may derive from a block of an architecture that its own does not derive from, and reads its own architecture's members.</summary>
    [Theory]
    [InlineData("[Tensor(\"Embd\", Hf = \"1.", "[Tensor(\"Embdd\", Hf = \"1.", "ARCH0002")]
    [InlineData("x += RelativeAttention", "x = RelativeAttention", "ARCH0034")]
    [InlineData("x, firstBias);", "x, firstBias);\n            Silu(x);", "ARCH0012")]
    public void A_mistake_of_a_block_that_two_architectures_have(string text, string replacement, string id)
    {
        var run = T5("T5Encoder.cs", text, replacement);
        Assert.Equal([id], run.Diagnostics.Select(d => d.Id));
        Assert.Equal([], run.CompilerErrors);
    }

    [Fact]
    public void A_block_of_another_architecture_misses_a_member()
    {
        const string layer = "\n\n    public partial class Layer : Block, IRelativeAttention, IT5FeedForward\n    {\n        [Tensor(\"";
        var run = T5("T5Encoder.cs", layer + "Embd\"", "\n    public int Wide => Embd;" + layer + "Wide\"");
        Assert.Equal(["ARCH0002"], run.Diagnostics.Select(d => d.Id).Distinct());
        Assert.Equal([], run.CompilerErrors);
    }

    /// <summary>Variants read what they inherit, and find its mistakes too: one mistake is one report all the same, in the base's words.</summary>
    [Theory]
    [InlineData("[Tensor(\"3*Embd, Embd\")]", "[Tensor(\"3*Emdb, Embd\")]",
        "ARCH0002: 'Emdb' is not a numeric hyper-parameter of Tiny; did you mean 'Embd'? (affects A, Z)")]
    [InlineData("return x + FeedForward(x);", "return FeedForward(x);",
        "ARCH0034: What Layer.Forward returns does not add to the residual stream 'x'; return x + ...")]
    [InlineData("var h = AttnNorm.Of(x);", "var h = AttnNorm.Of(x);\n            Silu(h);",
        "ARCH0012: The result of Silu(h) is not used; assign it, or remove the call (affects A, Z)")]
    [InlineData("FfnDown.Of(Silu(up))", "FfnDown.Of(h)",
        "ARCH0001: operand 'x' of linear has shape [T, Embd]: its last dimension is Embd, expected Ff (linear 'FfnDown' [Embd, Ff]: x [T, Embd], weight [Embd, "
        + "Ff]) (affects A, Z)")]
    public void A_mistake_of_a_base_is_reported_once(string text, string replacement, string report)
    {
        const string Variants = "\n[Architecture(\"a\", Rope = RopeKind.HalfSplit)]\npublic partial class A : Tiny;\n"
            + "\n[Architecture(\"z\", Rope = RopeKind.HalfSplit)]\npublic partial class Z : A;\n";
        GeneratorRun.Of(TinyArchitecture.Source + Variants).AssertClean();
        var run = GeneratorRun.Of(TinyArchitecture.With(text, replacement) + Variants);
        Assert.Equal([report], run.Diagnostics.Select(d => $"{d.Id}: {d.GetMessage()}"));
        Assert.EndsWith($"/{run.Diagnostics[0].Id}.md", run.Diagnostics[0].Descriptor.HelpLinkUri, StringComparison.Ordinal);
        Assert.Equal([], run.CompilerErrors);
    }

    [Fact]
    public void The_attribute_twice()
    {
        var run = GeneratorRun.Of(TinyArchitecture.Source, "namespace ArchGen.Tiny;\n\n[Architecture(\"tiny\")]\npublic partial class Tiny;\n");
        Assert.Null(run.Result.Exception);
        Assert.Empty(run.Diagnostics);
        Assert.Equal(["CS0579"], run.CompilerErrors);
    }

    [Fact]
    public void Parts_of_an_architecture_may_have_other_attributes() =>
        GeneratorRun.Of(TinyArchitecture.Source, "namespace ArchGen.Tiny;\n\n[Quantization(WideOutput = true)]\npublic partial class Tiny;\n").AssertClean();

    /// <summary>What the compiler refuses already the generator does not report again.</summary>
    [Theory]
    [InlineData("[Tensor(\"Embd\")] public partial RmsNorm OutputNorm",
        "[Tensor(\"Embd\", Epsilon = nameof(Nothing))] public partial RmsNorm OutputNorm", "CS0103")]
    [InlineData("TiedTo = nameof(TokenEmbd)", "TiedTo = nameof(Nothing)", "CS0103")]
    [InlineData("Count = nameof(BlockCount)", "Count = nameof(Nothing)", "CS0103")]
    [InlineData("[Tensor(\"3*Embd, Embd\")]", "[Tensor(Nothing)]", "CS0103")]
    [InlineData("[Tensor(\"3*Embd, Embd\")]", "[Tensor]", "CS7036")]
    [InlineData("[Tensor(\"Ff, Embd\")] public partial Linear? FfnGate", "[Tensor(\"Ff, Embd\", RequiredIf = nameof(Nothing))] public partial Linear? FfnGate",
        "CS0103")]
    [InlineData("public partial Linear FfnUp", "public partial Linaer FfnUp", "CS0246")]
    [InlineData("FfnDown.Of(Silu(up))", "FfnDown.Of(Silo(up))", "CS0103")]
    [InlineData("FfnDown.Of(Silu(up))", "FfnDown.Of(up", "CS1026")]
    [InlineData("private Tensor FeedForward(Tensor h)", "private abstract Tensor FeedForward(Tensor h)", "CS0500", "CS0621")]
    public void What_the_compiler_reports_is_not_reported_again(string text, string replacement, params string[] errors)
    {
        var run = GeneratorRun.Of(TinyArchitecture.With(text, replacement));
        Assert.Null(run.Result.Exception);
        Assert.Empty(run.Diagnostics);
        Assert.Equal(errors, run.CompilerErrors.Where(id => id != "CS9248"));
        Assert.Equal([], run.ErrorsInGeneratedCode);
    }

    [Theory]
    [InlineData("public partial class Tiny", "partial class Tiny")]
    [InlineData("public partial class Layer", "internal sealed partial class Layer")]
    public void Accessibility_is_free(string text, string replacement)
    {
        var source = TinyArchitecture.With(text, replacement);
        if (text.EndsWith("Layer", StringComparison.Ordinal))
        {
            source = TinyArchitecture.Replace(source, "public partial BlockList", "internal partial BlockList");
        }

        Assert.Equal(9, GeneratorRun.Of(source).AssertClean().Generated.Count);
    }

    [Theory]
    [InlineData("1.ffn")]
    [InlineData("class")]
    [InlineData("\u00fc-1")]
    public void A_tensor_may_have_a_name_that_is_none_in_c_sharp(string name) =>
        GeneratorRun.Of(TinyArchitecture.With("[Tensor(\"Embd, Ff\")]", $"[Tensor(\"Embd, Ff\", Name = \"{name}\")]")).AssertClean();

    [Fact]
    public void The_global_namespace_will_do() => GeneratorRun.Of(TinyArchitecture.With("namespace ArchGen.Tiny;", "using ArchGen;")).AssertClean();
}
