namespace ArchGen.Generators.Tests.Language;

/// <summary>An architecture may restate the default of a hyper-parameter that it inherits.</summary>
public class InheritedDefaultTests
{
    private static readonly string Base = TinyArchitecture.With(
        "[HyperParameter(\"gated\", Default = \"false\")]", "[HyperParameter(\"gated\", Hf = \"gated\", Unless = \"false\", Default = \"false\")]");

    [Fact]
    public void The_variants_files_have_it_and_the_bases_do_not()
    {
        var run = Run("[Default(nameof(IsGated), \"true\"), Default(nameof(HeadDim), \"2*Embd/Heads\")]", "");
        Assert.Contains("FindBoolean(\"gated\") ?? true;", HyperParameters(run, "Variant"), StringComparison.Ordinal);
        Assert.Contains("FindInt32(\"attention.key_length\") ?? 2*Embd/Heads;", HyperParameters(run, "Variant"), StringComparison.Ordinal);
        Assert.Contains("FindBoolean(\"gated\") ?? false;", HyperParameters(run, "Tiny"), StringComparison.Ordinal);
        Assert.DoesNotContain("2*Embd", HyperParameters(run, "Tiny"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_derives_from_the_variant_has_it_too()
    {
        Assert.Contains("?? true;", HyperParameters(Run("[Default(nameof(IsGated), \"true\")]", ""), "Further"), StringComparison.Ordinal);
        Assert.Contains("?? false;", HyperParameters(Run("[Default(nameof(IsGated), \"true\")]", "[Default(nameof(IsGated), \"false\")]"), "Further"),
            StringComparison.Ordinal);
    }

    /// <summary>Conversion leaves a key out where the value is the default; which that is follows the default.</summary>
    [Fact]
    public void An_unless_that_repeats_the_default_follows_it()
    {
        var run = Run("[Default(nameof(IsGated), \"true\")]", "");
        Assert.Contains("\"gated\") { Unless = \"true\" }", run.Generated["ArchGen.Tiny.Variant.Converter.g.cs"], StringComparison.Ordinal);
        Assert.Contains("\"gated\") { Unless = \"false\" }", run.Generated["ArchGen.Tiny.Tiny.Converter.g.cs"], StringComparison.Ordinal);
    }

    /// <summary>A default may name a computed number; what that reads is read before, and what reads the default after.</summary>
    [Fact]
    public void A_default_over_a_computed_number_stands_between_them()
    {
        var run = GeneratorRun.Of(TinyArchitecture.With("[Architecture(\"tiny\", Rope = RopeKind.Interleaved)]",
                "[Architecture(\"tiny\", Rope = RopeKind.Interleaved), Default(nameof(HeadDim), \"Embd/FirstHeads\")]")
            .Replace("public partial class Layer : Block", "public int FirstHeads => Heads[0];\n\n    public partial class Layer : Block",
                StringComparison.Ordinal))
            .AssertClean();
        var order = new[] { "Embd = ", "Heads = ", "HeadDim = file.FindInt32(\"attention.key_length\") ?? Embd/FirstHeads;", "RopeDims = " }
            .Select(text => HyperParameters(run, "Tiny").IndexOf(" " + text, StringComparison.Ordinal)).ToList();
        Assert.All(order, place => Assert.True(place > 0));
        Assert.Equal(order.Order(), order);
    }

    private static GeneratorRun Run(string variant, string further) => GeneratorRun.Of(Base + $$"""

        {{variant}}
        [Architecture("variant", Rope = RopeKind.HalfSplit)]
        public partial class Variant : Tiny;

        {{further}}
        [Architecture("further", Rope = RopeKind.HalfSplit)]
        public partial class Further : Variant;

        """).AssertClean();

    private static string HyperParameters(GeneratorRun run, string name) => run.Generated[$"ArchGen.Tiny.{name}.HyperParameters.g.cs"];
}
