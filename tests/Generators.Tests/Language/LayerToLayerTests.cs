namespace ArchGen.Generators.Tests.Language;

/// <summary>What layers hand on beside the stream: begun as null, or by the model.</summary>
public class LayerToLayerTests
{
    private const string Loop = "foreach (var layer in Layers) x = layer.Forward(x);";
    private const string Split = "var (q, k, v) = AttnQkv.Of(h).Split(Embd, Embd, Embd);";

    private static readonly string Source = Passing("first ??= v;\n            v = v * 0.5 + first * 0.5;");

    [Fact]
    public void The_first_layer_is_given_null()
    {
        var graph = GeneratorRun.Of(Source).AssertClean().Generated["ArchGen.Tiny.Tiny.Graph.g.cs"];
        Assert.Contains("Tensor? first = null;", graph, StringComparison.Ordinal);
        Assert.Contains("= layer.BuildForward(g.In(layer), x, first);", graph, StringComparison.Ordinal);
        Assert.Contains("if (first is not null)", graph, StringComparison.Ordinal);
        Assert.Equal(3, graph.Split(" * 0.5); // [T, Embd]").Length);
    }

    /// <summary>Each way to ask, and helpers that are given null, or a tensor.</summary>
    [Theory]
    [InlineData("if (first is null) first = v;\n            v = v * 0.5 + first * 0.5;")]
    [InlineData("if (first != null) v = v * 0.5 + first * 0.5;\n            first = first ?? v;")]
    [InlineData("v = first is null ? v : v * 0.5 + first * 0.5;\n            first ??= v;")]
    [InlineData("v = Index == 0 ? v : v * 0.5 + first! * 0.5;\n            first = Index == 0 ? v : first!;")]
    [InlineData("v = first is not null && IsGated ? v + first : v;\n            first = v;")]
    [InlineData("v = first?.Heads(Heads).Flatten() ?? v;\n            first = v;")]
    [InlineData("v = Mix(v, first);\n            first = Mix(v, null);")]
    public void A_layer_asks(string body) => GeneratorRun.Of(Passing(body)).AssertClean();

    [Fact]
    public void The_last_of_the_loop_is_kept() => GeneratorRun.Of(TinyArchitecture.Replace(
        TinyArchitecture.With(Loop, "Tensor? last = null;\n        foreach (var layer in Layers) { x = layer.Forward(x); last = x; }"), "OutputNorm.Of(x)",
        "OutputNorm.Of(last!)")).AssertClean();

    /// <summary>A variable that takes another's value takes the one before the block, in whichever order the two are set.</summary>
    [Theory]
    [InlineData("var y = x; x = layer.Forward(x); before = y;")]
    [InlineData("var y = layer.Forward(x); before = x; x = y;")]
    public void The_stream_before_a_layer_is_kept(string body)
    {
        var source = TinyArchitecture.Replace(TinyArchitecture.With(Loop, $"var before = x;\n        foreach (var layer in Layers) {{ {body} }}"),
            "OutputNorm.Of(x)", "OutputNorm.Of(x + before)");
        var graph = GeneratorRun.Of(source).AssertClean().Generated["ArchGen.Tiny.Tiny.Graph.g.cs"];
        int taken = graph.IndexOf("before = x;", StringComparison.Ordinal), replaced = graph.IndexOf("\n            x = layer_out;", StringComparison.Ordinal);
        Assert.True(taken >= 0 && taken < replaced, graph);
    }

    /// <summary>A kind that computes the tensor, and one that hands it on.</summary>
    [Fact]
    public void Kinds_of_layers_share_it()
    {
        var source = TinyArchitecture.Replace(Source, "public partial class Layer : Block", """
            [When(nameof(IsGated))]
                public partial class Follower : Layer
                {
                    public override (Tensor X, Tensor? V) Forward(Tensor x, Tensor? first) => (first is null ? x : x + AttnOutput.Of(first), first);
                }

                public partial class Layer : Block
            """);
        source = source.Replace("public (Tensor X, Tensor? V) Forward", "public virtual (Tensor X, Tensor? V) Forward", StringComparison.Ordinal);
        GeneratorRun.Of(source).AssertClean();
    }

    [Theory]
    [InlineData("v * 0.5 + first * 0.5", "v * 0.5 + [|Sum(first)|].Heads(3)", "ARCH0036")]
    [InlineData("first ??= v;", "first ??= [|Silu(FfnUp.Of(h)) + h|];", "ARCH0001")]
    [InlineData("(x + FeedForward(x), first)", "(FeedForward(x), first)", "ARCH0034")]
    [InlineData("Tensor? first = null;", "var first = x;", null)]
    public void A_mistake_is_reported_once(string text, string replacement, string? id)
    {
        var run = GeneratorRun.Of(
            TinyArchitecture.Replace(Source, text, replacement.Replace("[|", "", StringComparison.Ordinal).Replace("|]", "", StringComparison.Ordinal)));
        Assert.Equal(id is null ? [] : [id], run.Diagnostics.Select(d => d.Id));
    }

    [Theory]
    [InlineData("(x, first) = layer.Forward(x, first);", "(x, first) = layer.Forward(x, [|null|]);",
        "'null' is not allowed in a forward pass: a null that no loop replaces has no shape; begin with Tensor? v = null before the loop, and set it in the "
        + "loop")]
    [InlineData("foreach (var layer in Layers) (x, first) = layer.Forward(x, first);", "x = [|Layers.Of(x)|];",
        "'Layers.Of(x)' is not allowed in a forward pass: Of(x) runs Forward(Tensor x), but Layer.Forward takes (Tensor x, Tensor? first); write foreach (var "
        + "layer in Layers) (x, first) = layer.Forward(x, first)")]
    [InlineData("foreach (var layer in Layers) (x, first) = layer.Forward(x, first);", "x = [|Layers.Of(x, first)|];",
        "'Layers.Of(x, first)' is not allowed in a forward pass: Of(x) runs Forward(Tensor x), but Layer.Forward takes (Tensor x, Tensor? first); write "
        + "foreach (var layer in Layers) (x, first) = layer.Forward(x, first)")]
    [InlineData("Tensor? first = null;", "Tensor? first = null;\n        var all = [|new List<Tensor>()|];",
        "'new List<Tensor>()' is not allowed in a forward pass: a graph has no lists of tensors; what goes from block to block is a tensor that the loop "
        + "passes on: (x, v) = layer.Forward(x, v)")]
    [InlineData("first ??= v;", "first ??= v;\n            [|_kept|] = v;",
        "'_kept' is not allowed in a forward pass: only locals and parameters can be assigned; what goes from layer to layer is a parameter and a result of "
        + "Forward, what a block remembers a [State]")]
    public void Another_way_is_named(string text, string replacement, string message)
    {
        var marked = TinyArchitecture.Replace(Source, text, replacement);
        if (marked.Contains("_kept", StringComparison.Ordinal))
        {
            marked = TinyArchitecture.Replace(marked, "public (Tensor X", "private Tensor? _kept;\n\n        public (Tensor X");
        }

        var source = marked.Replace("[|", "", StringComparison.Ordinal).Replace("|]", "", StringComparison.Ordinal);
        var found = Assert.Single(GeneratorRun.Of(source).Diagnostics);
        Assert.Equal($"ARCH0004: {message}", $"{found.Id}: {found.GetMessage()}");
        Assert.Equal(marked.IndexOf("[|", StringComparison.Ordinal), found.Location.SourceSpan.Start);
    }

    private static string Passing(string body)
    {
        var source = TinyArchitecture.With(Loop, "Tensor? first = null;\n        foreach (var layer in Layers) (x, first) = layer.Forward(x, first);");
        source = TinyArchitecture.Replace(source, "public Tensor Forward(Tensor x)", "public (Tensor X, Tensor? V) Forward(Tensor x, Tensor? first)");
        source = TinyArchitecture.Replace(source, "return x + FeedForward(x);", "return (x + FeedForward(x), first);");
        source = TinyArchitecture.Replace(source, Split, Split + "\n            " + body);
        return TinyArchitecture.Replace(source, "private Tensor FeedForward",
            "private Tensor Mix(Tensor v, Tensor? first) => first is null ? v : v + first;\n\n        private Tensor FeedForward");
    }
}
