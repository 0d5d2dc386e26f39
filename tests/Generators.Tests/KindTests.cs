using ArchGen.Generators.Tests.Diagnostics;

namespace ArchGen.Generators.Tests;

/// <summary>A variant changes the kinds of its base's layers one by one: what it does not name stays.</summary>
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
}
