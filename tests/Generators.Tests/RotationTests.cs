namespace ArchGen.Generators.Tests;

/// <summary>What a rotation states itself, and what it has of its architecture.</summary>
public class RotationTests
{
    private const string Query = "Rope(q.Heads(Heads))";
    private const string Kind = ", Rope = RopeKind.Interleaved";

    [Theory]
    [InlineData("kind: RopeKind.HalfSplit")]
    [InlineData("kind: IsGated ? RopeKind.HalfSplit : RopeKind.Interleaved")]
    [InlineData("dims: HeadDim / 2")]
    [InlineData("dims: 8, kind: RopeKind.None")]
    public void A_rotation_may_state(string numbers)
    {
        var run = GeneratorRun.Of(TinyArchitecture.With(Query, $"Rope(q.Heads(Heads), {numbers})")).AssertClean();
        Assert.Contains($"Rope(attn_qkv_heads, {numbers}))", Plain(run.Generated["ArchGen.Tiny.Tiny.Graph.g.cs"]), StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_states_its_kind_needs_none_of_the_architecture()
    {
        var source = TinyArchitecture.Replace(TinyArchitecture.With(Kind, ""), Query, "Rope(q.Heads(Heads), kind: RopeKind.HalfSplit)");
        var run = GeneratorRun.Of(source);
        Assert.Equal(["ARCH0009"], run.Diagnostics.Select(d => d.Id));
        GeneratorRun.Of(TinyArchitecture.Replace(source, "Rope(k.Heads(Heads))", "Rope(k.Heads(Heads), kind: RopeKind.HalfSplit)")).AssertClean();
    }

    [Fact]
    public void Where_the_architecture_has_no_rotation_one_that_states_its_kind_remains()
    {
        var source = TinyArchitecture.With(Kind, ", Rope = RopeKind.None");
        Assert.DoesNotContain("(rope)", GeneratorRun.Of(source).AssertClean().Generated["ArchGen.Tiny.Tiny.Graph.g.cs"], StringComparison.Ordinal);
        var run = GeneratorRun.Of(TinyArchitecture.Replace(source, Query, "Rope(q.Heads(Heads), kind: RopeKind.HalfSplit)")).AssertClean();
        Assert.Single(run.Generated["ArchGen.Tiny.Tiny.Graph.g.cs"].Split("Rope(attn_qkv_heads")[1..]);
    }

    [Fact]
    public void More_elements_than_a_head_has_are_refused()
    {
        var run = GeneratorRun.Of(TinyArchitecture.With(Query, "Rope(q.Heads(Heads), dims: 7)"));
        Assert.Equal(["ARCH0001"], run.Diagnostics.Select(d => d.Id));
    }

    // A choice stands in parentheses.
    private static string Plain(string code) =>
        code.Replace("(IsGated ?", "IsGated ?", StringComparison.Ordinal).Replace("Interleaved)))", "Interleaved))", StringComparison.Ordinal);
}
