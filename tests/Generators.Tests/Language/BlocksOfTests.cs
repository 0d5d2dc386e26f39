namespace ArchGen.Generators.Tests.Language;

/// <summary><c>Layers.Of(x)</c> is the loop that hands the stream from block to block.</summary>
public class BlocksOfTests
{
    private const string Loop = "foreach (var layer in Layers) x = layer.Forward(x);";
    private const string Block = "public Tensor Forward(Tensor x)";

    private static readonly string Source = TinyArchitecture.With(Loop, "x = Layers.Of(x);");

    [Fact]
    public void The_graph_is_the_loops()
    {
        var (loop, word) = (GeneratorRun.Of(TinyArchitecture.Source).AssertClean(), GeneratorRun.Of(Source).AssertClean());
        Assert.Equal(loop.Generated.Where(IsGraph), word.Generated.Where(IsGraph));
        Assert.Contains(word.Generated, IsGraph);

        static bool IsGraph(KeyValuePair<string, string> file) => file.Value.Contains("foreach (var layer in Layers)", StringComparison.Ordinal);
    }

    [Fact]
    public void It_may_stand_in_an_expression() => GeneratorRun.Of(
        TinyArchitecture.With(Loop + "\n        return Output.Of(OutputNorm.Of(x));", "return Output.Of(OutputNorm.Of(Layers.Of(x)));")).AssertClean();

    [Theory]
    [InlineData("return x + FeedForward(x);", "return FeedForward(x);", "ARCH0034")]
    [InlineData("return x + FeedForward(x);", "return FfnUp.Of(x + FeedForward(x));", "ARCH0016")]
    [InlineData(Block, "public Tensor Run(Tensor x)", "ARCH0023")]
    public void A_mistake_is_reported_once(string text, string replacement, string id) =>
        Assert.Equal([id], GeneratorRun.Of(TinyArchitecture.Replace(Source, text, replacement)).Diagnostics.Select(d => d.Id));
}
