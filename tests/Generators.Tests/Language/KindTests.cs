using ArchGen.Generators.Tests.Diagnostics;

namespace ArchGen.Generators.Tests.Language;

/// <summary>Kinds of layers: a variant changes its base's one by one, and a tensor of the file may decide on one.</summary>
public class KindTests
{
    [Theory]
    [InlineData("public partial class Own : DenseLayer { protected override Tensor FeedForward(Tensor h) => GeGlu.Of(this, h); }",
        "MixtureLayer of Llama (if IsMixture)", "Own")]
    [InlineData("public partial class Own : MixtureLayer { protected override Tensor FeedForward(Tensor h) => base.FeedForward(h) * 2; }",
        "Own (if IsMixture)", "DenseLayer of Llama")]
    [InlineData("public partial class Own : Layer, IPlainFeedForward { protected override Tensor FeedForward(Tensor h) => Ffn.Of(this, h, Silu); }",
        "MixtureLayer of Llama (if IsMixture)", "Own")]
    [InlineData("public bool IsFirst(int layer) => layer == 0;\n    [When(nameof(IsFirst))]\n    public partial class Own : DenseLayer;",
        "Own (if IsFirst(i))", "MixtureLayer of Llama (if IsMixture)", "DenseLayer of Llama")]
    public void A_kind_is_replaced_or_added(string members, params string[] kinds)
    {
        var variant = new SourceFile("Variant.cs",
            $"namespace ArchGen.Architectures;\n\n[Architecture(\"variant\")]\npublic partial class Variant : Llama\n{{\n    {members}\n}}\n");
        var files = Porting.WithBases(["Llama.cs", "FeedForward.cs"]);
        var run = GeneratorRun.Of([.. files, variant]).AssertClean();
        var listing = run.Generated["ArchGen.Architectures.Variant.Graph.g.cs"].Split('\n');
        var heads = listing.Where(l => l.StartsWith("// ", StringComparison.Ordinal) && l.EndsWith(": x", StringComparison.Ordinal));
        Assert.Equal(kinds, heads.Select(l => l[3..^3]));
    }

    /// <summary>The file decides where [When] names a tensor of the kind: it has that tensor, in the kind's shape.</summary>
    [Fact]
    public void A_tensor_of_the_file_decides_on_a_kind()
    {
        var run = GeneratorRun.Of(WithKind("[When(nameof(PackedLayer.FfnUp))]\n    ")).AssertClean();
        var loader = run.Generated["ArchGen.Tiny.Tiny.Loader.g.cs"];
        const string layer = "global::ArchGen.Tiny.Tiny.";
        Assert.Contains(
            $"i => tensors.IfInFile<{layer}Layer>(this, \"blk.{{i}}\", i, new {layer}PackedLayer()) ?? new {layer}Layer());", loader, StringComparison.Ordinal);
        Assert.Contains("protected override bool IsInFile(TensorBinder tensors) => tensors.Has(\"ffn_up.weight\", checked([2 * Ff, Embd]));", loader,
            StringComparison.Ordinal);
        // The tensor that decides is the base's too: what the base computes with it is computed with this one.
        var members = run.Generated["ArchGen.Tiny.Tiny.Members.g.cs"];
        Assert.Contains("public new partial global::ArchGen.Linear FfnUp => _ffnUp!;", members, StringComparison.Ordinal);
        Assert.Equal(2, members.Split("global::ArchGen.Linear _ffnUp").Length);
    }

    [Theory]
    [InlineData("nameof(PackedLayer.AttnNorm2)", "CS0117")]
    [InlineData("\"FfnUpp\"", "ARCH0018")]
    [InlineData("nameof(PackedLayer.IsWide)", "ARCH0018")]
    public void A_name_that_decides_nothing_is_reported_once(string name, string id)
    {
        var run = GeneratorRun.Of(WithKind($"[When({name})]\n    "));
        Assert.Equal(id.StartsWith("ARCH", StringComparison.Ordinal) ? [id] : [], run.Diagnostics.Select(d => d.Id));
        Assert.Empty(run.ErrorsInGeneratedCode);
        var compiler = run.CompilerErrors.Where(e => !e.StartsWith("CS8", StringComparison.Ordinal));
        if (id.StartsWith("CS", StringComparison.Ordinal)) Assert.Equal([id], compiler);
        if (id == "ARCH0018") Assert.Contains("or a tensor of PackedLayer", run.Diagnostics[0].GetMessage(null), StringComparison.Ordinal);
    }

    /// <summary>A kind that does not compute with the tensor that decides on it is reported where it names that, whoever else uses it.</summary>
    [Theory]
    [InlineData("[Tensor(\"Embd\")] public partial RmsNorm Extra { get; }", "Extra")]
    [InlineData("", "AttnNorm")]
    public void A_deciding_tensor_is_one_that_its_kind_uses(string declaration, string tensor)
    {
        var source = TinyArchitecture.Replace(WithKind($"[When(nameof(PackedLayer.{tensor}))]\n    "), "public bool IsWide => Ff > Embd;", declaration);
        source = TinyArchitecture.Replace(source, "FfnUp.Of(AttnNorm.Of(x)).Split", "FfnUp.Of(x).Split");
        GeneratorRun.Of(source).AssertOne("ARCH0018", "File0.cs", $"nameof(PackedLayer.{tensor})",
            $"[When] names '{tensor}', which is not a tensor that the forward pass of PackedLayer uses");
    }

    private static string WithKind(string when) => TinyArchitecture.With("public override Tensor Forward(Tokens tokens)", when + """
        public partial class PackedLayer : Layer
            {
                [Tensor("2*Ff, Embd")] public new partial Linear FfnUp { get; }

                public bool IsWide => Ff > Embd;

                public override Tensor Forward(Tensor x)
                {
                    var (gate, up) = FfnUp.Of(AttnNorm.Of(x)).Split(Ff, Ff);
                    return x + FfnDown.Of(Silu(gate) * up);
                }
            }

            public override Tensor Forward(Tokens tokens)
        """).Replace("public Tensor Forward(Tensor x)", "public virtual Tensor Forward(Tensor x)", StringComparison.Ordinal);
}
