namespace ArchGen.Generators.Tests.Language;

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

    /// <summary>A variant with another rotation and nothing else of its own has graphs of its own for the layers that it inherits.</summary>
    [Theory]
    [InlineData("None", "HalfSplit", 2)]
    [InlineData("HalfSplit", "None", 0)]
    public void A_variant_may_differ_in_its_rotation_alone(string ofBase, string ofVariant, int rotations)
    {
        var run = Variant(ofBase, ofVariant, "public partial class Layer").AssertClean();
        var graph = run.Generated["ArchGen.Tiny.Variant.Graph.g.cs"];
        Assert.Equal(rotations, graph.Split(", Rope(attn_qkv_heads").Length - 1);
        Assert.Equal(2 - rotations, run.Generated["ArchGen.Tiny.Tiny.Graph.g.cs"].Split(", Rope(attn_qkv_heads").Length - 1);
        Assert.Contains("partial class VariantLayer : global::ArchGen.Tiny.Tiny.Layer\n", run.Generated["ArchGen.Tiny.Variant.Members.g.cs"],
            StringComparison.Ordinal);
        Assert.Contains("i => new global::ArchGen.Tiny.Variant.VariantLayer())", run.Generated["ArchGen.Tiny.Variant.Loader.g.cs"], StringComparison.Ordinal);
    }

    [Fact]
    public void With_the_same_rotation_it_has_its_bases() =>
        Assert.Contains("i => new global::ArchGen.Tiny.Tiny.Layer())",
            Variant("HalfSplit", "Interleaved", "public partial class Layer").AssertClean().Generated["ArchGen.Tiny.Variant.Loader.g.cs"],
            StringComparison.Ordinal);

    [Fact]
    public void A_sealed_layer_with_another_rotation_is_reported_once()
    {
        var run = Variant("None", "HalfSplit", "public sealed partial class Layer");
        Assert.Equal(["ARCH0013: 'Layer' of Tiny is sealed, but Variant, with another Rope, needs a class that derives from it; remove sealed"],
            run.Diagnostics.Select(d => $"{d.Id}: {d.GetMessage()}"));
    }

    [Fact]
    public void More_elements_than_a_head_has_are_refused()
    {
        var run = GeneratorRun.Of(TinyArchitecture.With(Query, "Rope(q.Heads(Heads), dims: 7)"));
        Assert.Equal(["ARCH0001"], run.Diagnostics.Select(d => d.Id));
    }

    private static GeneratorRun Variant(string ofBase, string ofVariant, string layer)
    {
        var tiny = TinyArchitecture.Replace(TinyArchitecture.With(Kind, $", Rope = RopeKind.{ofBase}"), "public partial class Layer", layer);
        return GeneratorRun.Of(tiny + $"\n[Architecture(\"variant\", Rope = RopeKind.{ofVariant})]\npublic partial class Variant : Tiny;\n");
    }

    // A choice stands in parentheses.
    private static string Plain(string code) =>
        code.Replace("(IsGated ?", "IsGated ?", StringComparison.Ordinal).Replace("Interleaved)))", "Interleaved))", StringComparison.Ordinal);
}
