namespace ArchGen.Generators.Tests.Language;

/// <summary>A loop that counts runs as often as a hyper-parameter says; in the generated code it is a loop too.</summary>
public class RepeatTests
{
    private const string Loop = "foreach (var layer in Layers) x = layer.Forward(x);";
    private const string Gated = "[HyperParameter(\"gated\", Default = \"false\")] public partial bool IsGated { get; }";
    private const string Passes = Gated + "\n    [HyperParameter(\"num_loops\", Default = \"1\")] public partial int Passes { get; }";

    private static readonly string Source = TinyArchitecture.With(Gated, Passes);

    [Fact]
    public void The_graph_has_the_loop_and_its_listings_say_so()
    {
        const string repeat = "for (var pass = 0; pass < Passes; pass++)\n        {\n            if (pass > 0 && !IsGated) x = OutputNorm.Of(x);\n"
            + "            x = Layers.Of(x);\n        }";
        var graph = Run(repeat).AssertClean().Generated["ArchGen.Tiny.Tiny.Graph.g.cs"];
        Assert.Contains("for (var pass = 0; pass < Passes; pass++)", graph, StringComparison.Ordinal);
        Assert.Contains("if (pass > 0 && !IsGated)", graph, StringComparison.Ordinal);
        Assert.Contains("//   for each pass < Passes\n//       x_3 = pass > 0 && !IsGated ? OutputNorm.Of(x) : x", graph, StringComparison.Ordinal);
        Assert.Contains("//   for each pass < Passes\n//     if pass > 0 && !IsGated\n", graph, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("for (var i = 0; i < 2; i++) x = Layers.Of(x) * Passes;")]
    [InlineData("for (int i = 0; i < Passes + 1; i++) foreach (var layer in Layers) x = layer.Forward(x);")]
    [InlineData("for (var i = 0; i < Passes; ++i) { var y = Layers.Of(x); x = y * 2; }")]
    [InlineData("Tensor? y = null;\n        for (var i = 0; i < Passes; i++) { if (y is not null) x += y; y = Layers.Of(x); }\n"
        + "        if (y is not null) x = y;")]
    [InlineData("for (var i = 0; i < Passes; i++) for (var j = 0; j < Passes; j++) x = Layers.Of(x) * (i + j);")]
    public void A_loop_that_counts_from_0_by_one(string loop) => Run(loop).AssertClean();

    [Theory]
    [InlineData("for (var i = 1; i < Passes; i++) x = Layers.Of(x);")]
    [InlineData("for (var i = 0; i <= Passes; i++) x = Layers.Of(x);")]
    [InlineData("for (var i = Passes; i > 0; i--) x = Layers.Of(x);")]
    [InlineData("for (var i = 0; i < Passes; i += 2) x = Layers.Of(x);")]
    [InlineData("for (var i = 0; i < RmsEpsilon; i++) x = Layers.Of(x);")]
    [InlineData("for (var i = 0; i < Passes; i++) { x = Layers.Of(x); i = 5; }")]
    [InlineData("for (int i = 0, j = 0; i < Passes; i++) x = Layers.Of(x);")]
    [InlineData("for (; ;) x = Layers.Of(x);")]
    [InlineData("for (var i = 0; i < Passes; i++) { x = Layers.Of(x); return x; }")]
    [InlineData("var n = 1;\n        for (var i = 0; i < Passes; i++) { x = Layers.Of(x) * n; n = i; }")]
    [InlineData("for (var i = 0; i < Pases; i++) x = Layers.Of(x);", "CS0103")]
    public void Any_other_is_reported_once(string loop, string? compiler = null)
    {
        var run = Run(loop);
        var errors = run.CompilerErrors.Where(e => !e.Contains("CS8", StringComparison.Ordinal)).ToList();
        Assert.Equal(compiler is null ? ["ARCH0004"] : [], run.Diagnostics.Select(d => d.Id));
        Assert.Equal(compiler is null ? [] : [compiler], errors);
        Assert.Empty(run.ErrorsInGeneratedCode);
    }

    [Fact]
    public void What_a_pass_sets_anew_is_not_there_after_it()
    {
        const string loop = "for (var i = 0; i < Passes; i++) { layer = Layers[i]; x = layer.Forward(x); }";
        var run = Run($"var layer = Layers[0];\n        {loop}\n        x = layer.Forward(x);");
        Assert.Contains("'layer' is set in a loop that counts, in each pass anew, and is used outside of it", Assert.Single(run.Diagnostics).GetMessage(null),
            StringComparison.Ordinal);
    }

    private static GeneratorRun Run(string loop) => GeneratorRun.Of(TinyArchitecture.Replace(Source, Loop, loop));
}
