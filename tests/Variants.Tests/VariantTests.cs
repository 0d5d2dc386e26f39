using ArchGen.Cpu.Execution;
using ArchGen.Eager;
using ArchGen.Fixtures;
using ArchGen.Graphs;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Recipes;
using BuiltIn = ArchGen.Architectures.Catalog;

namespace ArchGen.Variants.Tests;

/// <summary>A class that is compiled on bases and parts of another assembly is the same model as the one compiled beside these.</summary>
public sealed class VariantTests
{
    private static readonly HashSet<string> Again = [.. Catalog.Own.Select(a => a.Name).Where(name => name is not ("qwen3" or "qwen3next"))];

    public static TheoryData<string> Recipes => [.. ArchitectureFixture.Names.Where(n => Again.Contains(ArchitectureFixture.Load(n).Architecture))];

    [Theory]
    [MemberData(nameof(Recipes))]
    public void It_has_the_same_graphs_and_logits(string recipe)
    {
        var fixture = ArchitectureFixture.Load(recipe);
        using var inside = new LoadedModel(fixture.Recipe.ToGguf(), BuiltIn.All);
        using var outside = new LoadedModel(fixture.Recipe.ToGguf(), Catalog.Own);
        Assert.NotSame(inside.Model.GetType().Assembly, outside.Model.GetType().Assembly);
        Assert.Equal(inside.Model.GraphNames, outside.Model.GraphNames);
        Assert.Equal(Texts(inside.Model), Texts(outside.Model));
        var logits = Run(outside, fixture);
        Assert.Equal(Run(inside, fixture), logits);
        Assert.InRange(ArchitectureFixture.NormalizedError(fixture.Expected, logits), 0, fixture.Recipe.Recorded!.Tolerance([outside.Model.BuildGraph()]));

        static IEnumerable<string> Texts(Model model) =>
            model.GraphNames.Select(name => model.BuildGraph(name)).Prepend(model.BuildGraph()).Select(GraphText.Print);
    }

    /// <summary>It inherits the graphs of its base, and overrides one of them.</summary>
    [Fact]
    public void A_variant_has_the_graphs_of_its_base()
    {
        var recipe = PredictingRecipe.Load();
        using var inside = new LoadedModel(recipe.ToGguf(), BuiltIn.All);
        using var outside = new LoadedModel(recipe.ToGguf(), Catalog.Own);
        Assert.IsType<OurNext>(outside.Model);
        Assert.Equal(["hidden", "draft"], outside.Model.GraphNames);
        int[] tokens = [.. recipe.Tokens];
        var hidden = NamedGraph.Run(inside, "hidden", tokens, null, CpuBackend.Exact(2));
        Assert.Equal(hidden, NamedGraph.Run(outside, "hidden", tokens, null, CpuBackend.Exact(2)));
        var rows = new Operand(hidden, [tokens.Length, hidden.Length / tokens.Length]);
        Assert.Equal(Array.ConvertAll(NamedGraph.Run(inside, "draft", tokens, rows, CpuBackend.Exact(2)), logit => logit * 0.5f),
            NamedGraph.Run(outside, "draft", tokens, rows, CpuBackend.Exact(2)));
    }

    [Fact]
    public void Every_file_that_is_compiled_again_is_tried()
    {
        Assert.Equal(10, Again.Count);
        Assert.Equal(Again.Order(), Recipes.Select(r => ArchitectureFixture.Load(r.Data).Architecture).Distinct().Order());
    }

    [Fact]
    public void Names_and_conversion_are_the_same() => Assert.All(Again, name =>
    {
        ArchitectureInfo inside = BuiltIn.All.Single(a => a.Name == name), outside = Catalog.Own.Single(a => a.Name == name);
        Assert.Equal(inside.Description, outside.Description);
        Assert.Equal(inside.Flat, outside.Flat);
        Assert.Equal(inside.HuggingFaceClasses, outside.HuggingFaceClasses);
        Assert.Equal(inside.Tensors.Select(t => (t.Gguf, string.Join("|", t.HuggingFace), t.Shape, t.Optional)),
            outside.Tensors.Select(t => (t.Gguf, string.Join("|", t.HuggingFace), t.Shape, t.Optional)));
    });

    /// <summary>By way of a third party's library, whose factor is 1 unless the file says otherwise.</summary>
    [Fact]
    public void A_variant_of_a_variant_has_the_logits_of_the_first()
    {
        var fixture = ArchitectureFixture.Load("qwen3");
        using var model = new LoadedModel(fixture.Recipe.ToGguf(), Catalog.Own);
        Assert.IsType<Ours>(model.Model);
        Assert.InRange(ArchitectureFixture.NormalizedError(fixture.Expected, Run(model, fixture)), 0, 1e-8);
        using var scaled = new LoadedModel(Scaled(fixture).ToGguf(), Catalog.Own);
        Assert.InRange(ArchitectureFixture.NormalizedError(fixture.Expected, Run(scaled, fixture)), 1e-3, 10);
    }

    /// <summary>The same file with another factor.</summary>
    private static ModelRecipe Scaled(ArchitectureFixture fixture)
    {
        const string Start = "\"metadata\": [";
        var json = File.ReadAllText(fixture.PathOf(".json"));
        Assert.Contains(Start, json, StringComparison.Ordinal);
        json = json.Replace(Start, Start + "[\"qwen3.ffn_scale\", \"f32\", 2],", StringComparison.Ordinal);
        return ModelRecipe.Parse(fixture.Name, fixture.Name, System.Text.Encoding.UTF8.GetBytes(json), null);
    }

    /// <summary>The catalog has this project's architectures, then those of each library that it refers to.</summary>
    [Fact]
    public void The_catalog_has_those_of_all_assemblies()
    {
        Assert.Equal(Catalog.Own.Count + BuiltIn.All.Count + Theirs.Catalog.Own.Count, Catalog.All.Count);
        Assert.Equal(Catalog.Own, Catalog.All.Take(Catalog.Own.Count));
        Assert.Contains(Catalog.All, a => a.Name == "scaled-qwen3");
        Assert.Contains(Theirs.Catalog.All, a => a.Name == "llama");
    }

    private static float[] Run(LoadedModel model, ArchitectureFixture fixture)
    {
        var graphs = ModelGraphs.Of(model, fixture.Tokens.Length);
        return graphs.Run(fixture.Tokens, new RunMode { Backend = CpuBackend.Exact(2), Gelu = fixture.Gelu });
    }
}
