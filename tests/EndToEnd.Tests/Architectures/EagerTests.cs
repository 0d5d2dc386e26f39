using ArchGen.Architectures;
using ArchGen.Fixtures;
using ArchGen.Gguf;
using ArchGen.Graphs;
using ArchGen.Loading;

namespace ArchGen.EndToEnd.Tests.Architectures;

/// <summary>Each architecture, run as written, against llama.cpp's results for a small random model.</summary>
public sealed class EagerTests
{
    public static TheoryData<string> Recipes => [.. ArchitectureFixture.Names];

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Eager_matches_the_reference(string recipe)
    {
        using var folder = new TemporaryFolder();
        var fixture = ArchitectureFixture.Load(recipe);
        using var file = GgufFile.Open(fixture.WriteGguf(folder.Path));
        var source = new GgufModelSource(file);
        var model = Catalog.All.Single(a => a.Name == fixture.Architecture).Create();
        ModelLoader.Load(model, source);

        var output = model.Evaluate(source, fixture.Tokens);

        var error = ArchitectureFixture.NormalizedError(fixture.Expected, output.Values);
        Assert.True(error <= Tolerance.Of(recipe), $"{recipe}: NMSE {error:E2}");
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void The_graph_passes_the_verifier(string recipe)
    {
        using var folder = new TemporaryFolder();
        var fixture = ArchitectureFixture.Load(recipe);
        using var file = GgufFile.Open(fixture.WriteGguf(folder.Path));
        var model = Catalog.All.Single(a => a.Name == fixture.Architecture).Create();
        ModelLoader.Load(model, new GgufModelSource(file));

        var graph = model.BuildGraph();

        GraphVerifier.Verify(graph);
        Assert.Equal(GraphText.Print(graph), GraphText.Print(GraphText.Parse(GraphText.Print(graph))));
        Assert.Contains(graph.Nodes, n => n.Name == "token_embd");
    }
}
