using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Tests.Language;

/// <summary>A block has the tensors that the interfaces it names declare.</summary>
public class InterfaceTensorTests
{
    private const string Own = """
                [Tensor("Ff, Embd")] public partial Linear FfnUp { get; }
                [Tensor("Ff, Embd")] public partial Linear? FfnGate { get; }
                [Tensor("Embd, Ff")] public partial Linear FfnDown { get; }

        """;

    private const string Interface = """
        namespace ArchGen.Tiny;

        public interface IGatedFeedForward
        {
            [Tensor("Ff, Embd")] Linear FfnUp { get; }
            [Tensor("Ff, Embd")] Linear? FfnGate { get; }
            [Tensor("Embd, Ff")] Linear FfnDown { get; }
        }

        """;

    private static readonly string Source = TinyArchitecture.Replace(TinyArchitecture.With(Own, ""), "Layer : Block", "Layer : Block, IGatedFeedForward");

    [Fact]
    public void They_are_as_its_own()
    {
        var (own, shared) = (GeneratorRun.Of(TinyArchitecture.Source).AssertClean(), Run(Source, Interface).AssertClean());
        foreach (var artefact in new[] { "Graph", "Loader", "TensorNames", "Converter" }) Assert.Equal(Text(own, artefact), Text(shared, artefact));
        Assert.Contains("public global::ArchGen.Linear? FfnGate => _ffnGate;", Text(shared, "Members"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_block_declares_itself_counts()
    {
        const string wider = "[Tensor(\"3*Embd, Embd\")] public partial Linear AttnQkv { get; }\n        ";
        var source = TinyArchitecture.Replace(
            Source, wider, wider + "[Tensor(\"Ff, Embd\", Name = \"ffn_wide\")] public partial Linear FfnUp { get; }\n        ");
        var names = Text(Run(source, Interface).AssertClean(), "TensorNames");
        Assert.Contains("ffn_wide", names, StringComparison.Ordinal);
        Assert.DoesNotContain("ffn_up", names, StringComparison.Ordinal);
    }

    [Fact]
    public void A_base_has_them_for_its_kinds()
    {
        const string kinds = "public partial class Narrow : Layer;\n\n    public abstract partial class Layer : Block, IGatedFeedForward";
        var run = Run(TinyArchitecture.Replace(Source, "public partial class Layer : Block, IGatedFeedForward", kinds), Interface).AssertClean();
        Assert.Equal(2, Text(run, "Members").Split("FfnDown => _ffnDown;").Length);
    }

    [Fact]
    public void An_architectures_are_those_of_its_blocks_too()
    {
        const string own = "[Tensor(\"Embd\")] public partial RmsNorm OutputNorm { get; }";
        var source = TinyArchitecture.Replace(TinyArchitecture.Replace(TinyArchitecture.Source, own, ""), "Tiny : DecoderModel",
            "Tiny : DecoderModel, INormed");
        source = TinyArchitecture.Replace(source, "var h = AttnNorm.Of(x);", "var h = OutputNorm.Of(AttnNorm.Of(x));");
        var run = Run(source, $"namespace ArchGen.Tiny; public interface INormed {{ {own.Replace("public partial ", "", StringComparison.Ordinal)} }}")
            .AssertClean();
        Assert.Equal(3, Text(run, "Graph").Split("\", OutputNorm.Of(").Length);
        Assert.Contains("RmsNorm OutputNorm => ((global::ArchGen.Tiny.INormed)Model).OutputNorm;", Text(run, "Members"), StringComparison.Ordinal);
    }

    /// <summary>
    /// A block that names an interface says that it has its tensors, so one that is not used is a forgotten step; a base names it for its variants.
    /// </summary>
    [Theory]
    [InlineData("[Tensor(\"Embd\")] RmsNorm FfnNorm { get; }", "Tensor 'FfnNorm' of IGatedFeedForward is declared, but no forward pass of Tiny uses it")]
    [InlineData("[Tensor(\"Embd\")] RmsNorm FfnNorm { get; } [Tensor(\"Embd\")] RmsNorm PostNorm { get; }",
        "Tensor 'FfnNorm', 'PostNorm' of IGatedFeedForward is declared, but no forward pass of Tiny uses it")]
    public void One_that_no_forward_pass_uses(string declaration, string message)
    {
        var shared = TinyArchitecture.Replace(Interface, "{\n", $"{{\n    {declaration}\n");
        var run = Run(Source, shared);
        var found = Assert.Single(run.Diagnostics);
        Assert.Equal($"ARCH0007: {message}", $"{found.Id}: {found.GetMessage()}");
        Assert.Equal("IGatedFeedForward", Source.Substring(found.Location.SourceSpan.Start, found.Location.SourceSpan.Length));
        Assert.DoesNotContain("ffn_norm", Text(run, "TensorNames"), StringComparison.Ordinal);

        var variant = "\n\n[Architecture(\"wide\", Rope = RopeKind.HalfSplit)]\npublic partial class Wide : Tiny\n{\n    public "
            + "partial class WideLayer : Layer;\n}\n";
        var inherited = Source.Replace("[Architecture(\"tiny\"", "[Architecture(\"base\"", StringComparison.Ordinal)
            .Replace("public partial class Tiny", "public abstract partial class Tiny", StringComparison.Ordinal);
        Run(inherited.Replace("public partial class Layer", "public abstract partial class Layer", StringComparison.Ordinal) + variant, shared).AssertClean();
    }

    [Theory]
    [InlineData("[Tensor(\"Embd, Ff\")]", "[Tensor(\"Embd, Fff\")]", "ARCH0002")]
    [InlineData("[Tensor(\"Embd, Ff\")] Linear", "[Tensor(\"Embd, Ff\")] Tensor", "ARCH0022")]
    [InlineData("[Tensor(\"Ff, Embd\")] Linear? FfnGate { get; }", "[Tensor(\"Ff, Embd\", InsteadOf = \"FfnUpp\")] Linear? FfnGate { get; }", "ARCH0018")]
    [InlineData("[Tensor(\"Ff, Embd\")] Linear? FfnGate { get; }", "[Tensor(\"Ff, Embd\", Name = \"ffn_up\")] Linear? FfnGate { get; }", "ARCH0011")]
    [InlineData("[Tensor(\"Embd, Ff\")]", "[Blocks(\"blk.{i}\")] BlockList<Block> Width { get; }\n    [Tensor(\"Embd, Ff\")]", "ARCH0026")]
    public void A_mistake_in_one_is_reported_once_and_there(string text, string replacement, string id)
    {
        var twin = Source.Replace("Tiny : DecoderModel", "Twin : DecoderModel", StringComparison.Ordinal)
            .Replace("\"tiny\"", "\"twin\"", StringComparison.Ordinal);
        var run = GeneratorRun.Of(
            [new SourceFile("Tiny.cs", Source), new SourceFile("Twin.cs", twin),
            new SourceFile("I.cs", TinyArchitecture.Replace(Interface, text, replacement))]);
        var found = Assert.Single(run.Diagnostics);
        Assert.Equal((id, "I.cs"), (found.Id, found.Location.SourceTree?.FilePath));
    }

    [Fact]
    public void An_edit_of_it_reaches_those_that_name_it_alone()
    {
        var other = TinyArchitecture.Source.Replace("Tiny", "Other", StringComparison.Ordinal).Replace("\"tiny\"", "\"other\"", StringComparison.Ordinal);
        var first = GeneratorRun.Of([new SourceFile("Tiny.cs", Source), new SourceFile("I.cs", Interface), new SourceFile("Other.cs", other)]).AssertClean();
        var second = first.Edit("I.cs", s => TinyArchitecture.Replace(s, "[Tensor(\"Embd, Ff\")]", "[Tensor(\"Embd, Ff\", Name = \"ffn_out\")]"));
        Assert.Contains("ffn_out", Text(second, "TensorNames"), StringComparison.Ordinal);
        var reasons = second.Result.TrackedSteps[ArchitectureGenerator.FileStep].SelectMany(s => s.Outputs).Select(o => o.Reason).ToList();
        Assert.Equal(1, reasons.Count(r => r == IncrementalStepRunReason.Cached));
    }

    private static GeneratorRun Run(string source, string shared) => GeneratorRun.Of([new SourceFile("Tiny.cs", source), new SourceFile("I.cs", shared)]);

    private static string Text(GeneratorRun run, string artefact) => run.Generated[$"ArchGen.Tiny.Tiny.{artefact}.g.cs"];
}
