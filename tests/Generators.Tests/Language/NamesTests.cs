namespace ArchGen.Generators.Tests.Language;

/// <summary>Where the names of tensors in checkpoints come from, and what else of a checkpoint follows.</summary>
public class NamesTests
{
    private const string Scheme = """

        internal static class TinyNames
        {
            public const string TokenEmbd = "embed";
            public const string Layers = "layers.{i}";
            public const string AttnQkv = "qkv|attn.qkv";
            public const string FfnUp = "up";
        }

        internal static class WideNames
        {
            public const string AttnQkv = "wide.qkv";
        }

        [Architecture("wide"), Names(typeof(WideNames))]
        public partial class Wide : Tiny;

        """;

    private static readonly string Named = TinyArchitecture.Replace(
        TinyArchitecture.With("[Architecture(\"tiny\"", "[Names(typeof(TinyNames))]\n[Architecture(\"tiny\""),
        "[Tensor(\"3*Embd, Embd\")]", "[Tensor(\"3*Embd, Embd\", From = nameof(Transposed))]")
        .Replace("[Tensor(\"Ff, Embd\")] public partial Linear FfnUp", "[Tensor(\"Ff, Embd\", Hf = \"mlp.up\")] public partial Linear FfnUp",
            StringComparison.Ordinal);

    [Fact]
    public void A_scheme_names_what_its_class_and_its_variants_do_not()
    {
        var run = GeneratorRun.Of(Named + Scheme).AssertClean();
        var tiny = run.Generated["ArchGen.Tiny.Tiny.TensorNames.g.cs"];
        Assert.Contains("new(\"token_embd.weight\", [\"embed.weight\"]", tiny, StringComparison.Ordinal);
        Assert.Contains("new(\"blk.{i}.attn_qkv.weight\", [\"layers.{i}.qkv.weight\", \"layers.{i}.attn.qkv.weight\"]", tiny, StringComparison.Ordinal);
        Assert.Contains("new(\"blk.{i}.ffn_up.weight\", [\"layers.{i}.mlp.up.weight\"]", tiny, StringComparison.Ordinal);
        Assert.Contains("new(\"output_norm.weight\", []", tiny, StringComparison.Ordinal);

        var wide = run.Generated["ArchGen.Tiny.Wide.TensorNames.g.cs"];
        Assert.Contains("new(\"token_embd.weight\", [\"embed.weight\"]", wide, StringComparison.Ordinal);
        Assert.Contains("new(\"blk.{i}.attn_qkv.weight\", [\"layers.{i}.wide.qkv.weight\"]", wide, StringComparison.Ordinal);
        Assert.Contains("new(\"blk.{i}.ffn_up.weight\", [\"layers.{i}.mlp.up.weight\"]", wide, StringComparison.Ordinal);
    }

    /// <summary>A scheme that is nearer than the declaration names another module, whose layout the declaration does not know.</summary>
    [Fact]
    public void A_layout_goes_with_the_name_that_is_declared_with_it()
    {
        var run = GeneratorRun.Of(Named + Scheme).AssertClean();
        Assert.Contains("\"blk.{i}.attn_qkv\" => Transposed(weights),", run.Generated["ArchGen.Tiny.Tiny.Converter.g.cs"], StringComparison.Ordinal);
        Assert.DoesNotContain("Transposed", run.Generated["ArchGen.Tiny.Wide.Converter.g.cs"], StringComparison.Ordinal);
    }

    /// <summary>Several tensors have one layout, whatever their names are; a class that names the module anew does not have it.</summary>
    [Fact]
    public void A_layout_of_several_tensors()
    {
        const string layout = "[HfFrom(nameof(OnePlus), nameof(OutputNorm), nameof(Layer.AttnQkv))]\n[Architecture(\"tiny\"";
        var run = GeneratorRun.Of(Named.Replace("[Architecture(\"tiny\"", layout, StringComparison.Ordinal) + Scheme).AssertClean();
        var tiny = run.Generated["ArchGen.Tiny.Tiny.Converter.g.cs"];
        Assert.Contains("\"output_norm\" => OnePlus(weights),", tiny, StringComparison.Ordinal);
        Assert.Contains("\"blk.{i}.attn_qkv\" => OnePlus(weights),", tiny, StringComparison.Ordinal);
        var wide = run.Generated["ArchGen.Tiny.Wide.Converter.g.cs"];
        Assert.Contains("\"output_norm\" => OnePlus(weights),", wide, StringComparison.Ordinal);
        Assert.DoesNotContain("attn_qkv", wide, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scheme_without_names()
    {
        var run = GeneratorRun.Of(TinyArchitecture.With("[Architecture(", "[Names(typeof(string))]\n[Architecture("));
        var found = Assert.Single(run.Diagnostics);
        Assert.Equal("ARCH0018: [Names] names 'String', which is not a class of names, such as const string AttnQ = \"self_attn.q_proj\"",
            $"{found.Id}: {found.GetMessage()}");
    }

    [Fact]
    public void The_text_half_of_a_model_for_pictures()
    {
        const string claims = """
            [HuggingFace("TinyModel"), TextOf("TinyForConditionalGeneration"), IgnoredConfig("vision_config", "why")]
            [Hf(nameof(OutputNorm), "norm"), Hf(nameof(Layer.AttnNorm), "n"), Hf(nameof(Layer.AttnOutput), "o"), Hf(nameof(Layer.FfnDown), "d")]
            [Names(
            """;
        var source = Named.Replace("[Names(", claims, StringComparison.Ordinal);
        var run = GeneratorRun.Of(source + Scheme).AssertClean();
        Assert.Contains("[\"TinyModel\", \"TinyForConditionalGeneration\"],", run.Generated["ArchGen.Tiny.Tiny.TensorNames.g.cs"], StringComparison.Ordinal);
        var converter = run.Generated["ArchGen.Tiny.Tiny.Converter.g.cs"];
        Assert.Contains("(\"*vision_tower.*\", \"for pictures or sound\")", converter, StringComparison.Ordinal);
        Assert.Contains("(\"vision_config\", \"why\")", converter, StringComparison.Ordinal);
        Assert.DoesNotContain("for pictures or sound", run.Generated["ArchGen.Tiny.Wide.Converter.g.cs"], StringComparison.Ordinal);
    }

    /// <summary>config.json is held to the activation that is called, in each key that usually names it, unless the declaration speaks of the key.</summary>
    [Theory]
    [InlineData("", "activation|activation_function|hidden_act|hidden_activation")]
    [InlineData("IgnoredConfig(\"hidden_act\", \"why\")", "activation|activation_function|hidden_activation")]
    [InlineData("ConfigIs(\"activation\", \"swish\")", "activation_function|hidden_act|hidden_activation")]
    public void The_activation_of_the_config_follows(string attribute, string keys)
    {
        var source = attribute.Length == 0 ? TinyArchitecture.Source : TinyArchitecture.With("[Architecture(", $"[{attribute}]\n[Architecture(");
        var converter = GeneratorRun.Of(source).AssertClean().Generated["ArchGen.Tiny.Tiny.Converter.g.cs"];
        var found = converter.Split('\n').Where(l => l.Contains("\"silu|swiglu|swish\"", StringComparison.Ordinal)).Select(l => l.Split('"')[1]);
        Assert.Equal(keys.Split('|'), found);
    }

    /// <summary>A hyper-parameter that reads the activation decides for itself.</summary>
    [Fact]
    public void An_activation_that_is_read_is_not_held()
    {
        var source = TinyArchitecture.With("[HyperParameter(\"gated\", Default", "[HyperParameter(\"gated\", Hf = \"hidden_act\", Default");
        Assert.DoesNotContain("silu", GeneratorRun.Of(source).AssertClean().Generated["ArchGen.Tiny.Tiny.Converter.g.cs"], StringComparison.Ordinal);
    }
}
