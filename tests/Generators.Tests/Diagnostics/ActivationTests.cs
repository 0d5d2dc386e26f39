namespace ArchGen.Generators.Tests.Diagnostics;

/// <summary>The activation that config.json is held to is called, in each way that it may be said.</summary>
public class ActivationTests
{
    private const string Rest = "\n[Architecture(\"wide\", Rope = RopeKind.HalfSplit)";

    [Theory]
    [InlineData("ConfigIs(\"hidden_act\", \"silu\")")]
    [InlineData("ConfigIs(\"hidden_act|hidden_activation\", \"gelu|swish\")")]
    [InlineData("ConfigIs(\"hidden_act\", \"xielu\")")]
    [InlineData("ConfigIs(\"activation_function\", \"swiglu\"), ConfigIs(\"hidden_act\", \"gelu\")")]
    [InlineData("ConfigIs(\"use_act_quant\", \"false\")")]
    public void It_may_say(string attribute) => GeneratorRun.Of(With(attribute)).AssertClean();

    [Theory]
    [InlineData("ConfigIs(\"hidden_act\", \"gelu\")", "Gelu")]
    [InlineData("ConfigIs(\"activation_function\", \"gelu_new\")", "GeluTanh")]
    [InlineData("ConfigIs(\"ffn_config.ffn_act_fn.name\", \"relu\")", "Relu")]
    public void It_differs(string attribute, string word)
    {
        var found = Assert.Single(GeneratorRun.Of(With(attribute)).Diagnostics);
        Assert.Equal(
            $"ARCH0039: The forward pass calls Silu, but [{attribute}] holds config.json to {word}; call that, or correct the value",
            $"{found.Id}: {found.GetMessage()}");
    }

    /// <summary>A variant that says another one than it inherits is reported where it says so; one that inherits both is not.</summary>
    [Fact]
    public void A_variant_is_held_to_its_own()
    {
        var source = With("ConfigIs(\"hidden_act\", \"silu\")");
        GeneratorRun.Of(source + Rest + "]\npublic partial class Wide : Tiny;\n").AssertClean();
        var wrong = source + Rest + ", ConfigIs(\"hidden_act\", \"relu2\")]\npublic partial class Wide : Tiny;\n";
        var found = Assert.Single(GeneratorRun.Of(wrong).Diagnostics);
        Assert.Equal("ARCH0039", found.Id);
        Assert.Equal("\"relu2\"", wrong.Substring(found.Location.SourceSpan.Start, found.Location.SourceSpan.Length));
    }

    private static string With(string attribute) => TinyArchitecture.With("[Architecture(", $"[{attribute}]\n[Architecture(");
}
