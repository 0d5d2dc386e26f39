using System.Text.Json.Nodes;
using ArchGen.Architectures;
using ArchGen.Fixtures;
using ArchGen.Graphs;
using ArchGen.Runtime.Generation;

namespace ArchGen.EndToEnd.Tests.Conversion;

/// <summary>
/// Every architecture that claims classes of transformers: a checkpoint with the names, shapes and keys that its declaration states converts to the
/// recipe's model, the same tensors and the same graph, whose logits other tests compare with the recorded ones.
/// </summary>
public sealed class RoundTripTests
{
    public static TheoryData<string> Recipes => [.. ArchitectureFixture.All];

    [Theory]
    [MemberData(nameof(Recipes))]
    public void A_checkpoint_of_the_recipe_converts_to_it(string name)
    {
        var recipe = ArchitectureFixture.Load(name).Recipe;
        var architecture = Catalog.All.Single(a => a.Name == recipe.Architecture);
        using var model = new LoadedModel(recipe.ToGguf(), Catalog.All);
        var checkpoint = new RecipeCheckpoint(architecture, model, new JsonObject());
        checkpoint.Fill();
        var (converted, source) = checkpoint.Convert();
        Assert.Equal(GraphText.Print(model.Model.BuildGraph()), GraphText.Print(converted.BuildGraph()));
        foreach (var tensor in checkpoint.Names(source)) Assert.True(ArchitectureFixture.NormalizedError(model.Source.Read(tensor), source.Read(tensor)) < 1e-13, tensor);
    }
}
