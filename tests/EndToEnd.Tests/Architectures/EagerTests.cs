using ArchGen.Fixtures;
using ArchGen.Graphs;
using ArchGen.Runtime.Loading;

namespace ArchGen.EndToEnd.Tests.Architectures;

/// <summary>Each architecture, run as written, against llama.cpp's results for a small random model.</summary>
public sealed class EagerTests
{
    public static TheoryData<string> Recipes => [.. ArchitectureFixture.Names];

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Eager_matches_the_reference(string recipe)
    {
        using var model = new RecipeModel(recipe);
        var output = model.Model.Evaluate(new GgufModelSource(model.File), model.Fixture.Tokens, gelu: model.Fixture.Gelu);
        var error = ArchitectureFixture.NormalizedError(model.Fixture.Expected, output.Values);
        Assert.True(error <= Tolerance.Of(recipe), $"{recipe}: NMSE {error:E2}");
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void The_graph_passes_the_verifier_and_its_text_round_trips(string recipe)
    {
        using var model = new RecipeModel(recipe);
        var graph = model.Model.BuildGraph();
        GraphVerifier.Verify(graph);
        Assert.Equal(GraphText.Print(graph), GraphText.Print(GraphText.Parse(GraphText.Print(graph))));
    }
}
