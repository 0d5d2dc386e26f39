namespace ArchGen.Generators.Tests.Language;

/// <summary>The mask of attention is the model's, unless a call gives one.</summary>
public class MaskTests
{
    private const string Head = "public partial class Tiny : DecoderModel";

    [Theory]
    [InlineData("", "true")]
    [InlineData("[Default(nameof(IsCausal), \"false\")]\n", "false")]
    public void A_file_sets_the_mask(string attribute, string otherwise)
    {
        var files = GeneratorRun.Of(TinyArchitecture.With(Head, attribute + Head)).AssertClean().Generated;
        Assert.Contains($"IsCausal = file.FindBoolean(\"attention.causal\") ?? {otherwise};",
            files["ArchGen.Tiny.Tiny.HyperParameters.g.cs"], StringComparison.Ordinal);
    }

    /// <summary>Conversion writes the mask of a model that attends both ways, as llama.cpp reads it.</summary>
    [Fact]
    public void Conversion_writes_the_mask()
    {
        const string Source = "new(\"attention.causal\", \"bool\", ";
        var source = TinyArchitecture.With(Head, "[Default(nameof(IsCausal), \"false\"), Hf(nameof(IsCausal), \"false\")]\n" + Head);
        Assert.Contains(Source + "\"false\")", GeneratorRun.Of(source).AssertClean().Generated["ArchGen.Tiny.Tiny.Converter.g.cs"], StringComparison.Ordinal);
        Assert.DoesNotContain(Source, GeneratorRun.Of(TinyArchitecture.Source).Generated["ArchGen.Tiny.Tiny.Converter.g.cs"], StringComparison.Ordinal);
    }
}
