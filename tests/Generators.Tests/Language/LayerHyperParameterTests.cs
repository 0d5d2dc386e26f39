namespace ArchGen.Generators.Tests.Language;

/// <summary>Hyper-parameters that differ from layer to layer: patterns of two kinds, and one value per layer.</summary>
public class LayerHyperParameterTests
{
    private const string Flag = "[HyperParameter(\"gated\", Default = \"false\")] public partial bool IsGated { get; }";

    /// <summary>A layer, the model and the kind of a layer ask a pattern.</summary>
    [Fact]
    public void A_pattern_is_asked_by_layer()
    {
        var source = TinyArchitecture.Replace(
            TinyArchitecture.With(Flag, "[HyperParameter(\"gated\", Default = \"4\", FirstDiffers = true)] public partial LayerPattern IsGated { get; }"),
            "&& IsGated)", "&& IsGated[Index])");
        var files = GeneratorRun.Of(source).AssertClean().Generated;
        Assert.Contains("_isGated = file.LayerPattern(\"gated\", otherwise: 4, firstDiffers: true);",
            files["ArchGen.Tiny.Tiny.HyperParameters.g.cs"], StringComparison.Ordinal);
        Assert.Contains("IsGated[Index]", files["ArchGen.Tiny.Tiny.Graph.g.cs"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_is_the_condition_of_a_kind()
    {
        var source = TinyArchitecture.Replace(
            TinyArchitecture.With(Flag, "[HyperParameter(\"gated\")] public partial LayerPattern IsGated { get; }"), "&& IsGated)", "&& !IsGated[0])");
        source = TinyArchitecture.Replace(source, "    public override Tensor Forward(Tokens tokens)",
            "    [When(nameof(IsGated))] public partial class Gated : Layer;\n\n    public override Tensor Forward(Tokens tokens)");
        Assert.Contains("i => IsGated[i] ? new global::ArchGen.Tiny.Tiny.Gated()",
            GeneratorRun.Of(source).AssertClean().Generated["ArchGen.Tiny.Tiny.Loader.g.cs"], StringComparison.Ordinal);
    }

    /// <summary>In a layer it is that layer's value.</summary>
    [Theory]
    [InlineData("PerLayer<bool>", "Default = \"true\"", "&& IsGated)", "file.FindBooleanPerLayer(\"gated\") ?? true")]
    [InlineData("PerLayer<float>", "Default = \"0.5\"", "&& IsGated > 0)", "file.FindSinglePerLayer(\"gated\") ?? 0.5f")]
    [InlineData("PerLayer<float>", "Default = \"RopeFreqBase\"", "&& IsGated > 0)", "file.FindSinglePerLayer(\"gated\") ?? RopeFreqBase")]
    [InlineData("PerLayer<int>", "Default = \"Ff/Heads\"", "&& IsGated > 0)", "file.FindInt32PerLayer(\"gated\") ?? Ff/Heads")]
    [InlineData("PerLayer<int>", "Hf = \"gates\"", "&& IsGated == 1)", "file.Int32PerLayer(\"gated\")")]
    public void A_value_differs_by_layer(string type, string argument, string use, string read)
    {
        var source = TinyArchitecture.With(Flag, $"[HyperParameter(\"gated\", {argument})] public partial {type} IsGated {{ get; }}");
        var generated = GeneratorRun.Of(TinyArchitecture.Replace(source, "&& IsGated)", use)).AssertClean().Generated;
        Assert.Contains(read, generated["ArchGen.Tiny.Tiny.HyperParameters.g.cs"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PerLayer<bool>", "4")]
    [InlineData("PerLayer<float>", "true")]
    [InlineData("LayerPattern", "true")]
    [InlineData("LayerPattern", "0.5")]
    public void A_default_has_the_type_of_the_values(string type, string value)
    {
        var source = TinyArchitecture.With(Flag, $"[HyperParameter(\"gated\", Default = \"{value}\")] public partial {type} IsGated {{ get; }}");
        Assert.Equal(["ARCH0028"], GeneratorRun.Of(source).Diagnostics.Select(d => d.Id).Where(id => id.StartsWith("ARCH", StringComparison.Ordinal)));
    }
}
