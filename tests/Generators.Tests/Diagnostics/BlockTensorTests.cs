namespace ArchGen.Generators.Tests.Diagnostics;

/// <summary>A block's tensors are its own: another block gets one as an argument, or not at all.</summary>
public class BlockTensorTests
{
    private const string Loop = "foreach (var layer in Layers) x = layer.Forward(x);";
    private const string Signature = "public Tensor Forward(Tensor x)\n        {";

    /// <summary>T5's way: the first block's tensor serves all.</summary>
    [Fact]
    public void An_argument_may_be_of_another_block() => GeneratorRun.Of(TinyArchitecture.Replace(
        TinyArchitecture.With(Loop, "foreach (var layer in Layers) x = layer.Forward(x, Layers[0].Shift);"),
        Signature,
        "[Tensor(\"Embd\")] public partial Weight Shift { get; }\n\n        public Tensor Forward(Tensor x, Weight first)\n        {\n            x += Silu(x "
            + "+ first);")).AssertClean();

    [Fact]
    public void Another_block_as_an_argument()
    {
        var source = TinyArchitecture.Replace(
            TinyArchitecture.With(Loop, "foreach (var layer in Layers) x = layer.Forward(x, Layers[0]);"),
            Signature, "public Tensor Forward(Tensor x, Layer first)\n        {\n            x += Silu(first.AttnNorm.Of(x));");
        AssertForeign(source, "first.AttnNorm", "'first.AttnNorm' is a tensor of another block than the one that runs here");
    }

    [Fact]
    public void A_block_that_outlives_its_loop() => AssertForeign(
        TinyArchitecture.Replace(
            TinyArchitecture.With(Loop, "Layer? last = null;\n        foreach (var layer in Layers) { x = layer.Forward(x); last = layer; }"),
            "OutputNorm.Of(x)", "OutputNorm.Of(last!.AttnNorm.Of(x))"),
        "last", "'last' is set in the loop over 'Layers', by each block anew, and is used outside of it");

    [Fact]
    public void A_tensor_of_another_kind_of_block() => AssertForeign(
        TinyArchitecture.Replace(
            TinyArchitecture.With("return x + FeedForward(x);", "return x + FeedForward(((GatedLayer)this).Inner.Of(x));"),
            "public partial class Layer : Block",
            "[When(nameof(IsGated))]\n    public partial class GatedLayer : Layer\n    {\n        [Tensor(\"Embd\")] public partial RmsNorm Inner { get; }\n   "
                + " }\n\n    public partial class Layer : Block"),
        "((GatedLayer)this).Inner", "'Inner' is a tensor of GatedLayer, but the pass that runs here is that of Layer");

    private static void AssertForeign(string source, string place, string message)
    {
        var run = GeneratorRun.Of(source);
        var diagnostic = Assert.Single(run.Diagnostics);
        Assert.Equal("ARCH0032", diagnostic.Id);
        Assert.StartsWith(message + "; ", diagnostic.GetMessage(), StringComparison.Ordinal);
        Assert.Equal(place, source.Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length));
        Assert.Equal([], run.CompilerErrors);
    }
}
