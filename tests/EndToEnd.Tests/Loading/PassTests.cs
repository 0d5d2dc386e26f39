using ArchGen.EndToEnd.Tests.Architectures;
using ArchGen.Graphs;
using ArchGen.Runtime.Loading;

namespace ArchGen.EndToEnd.Tests.Loading;

/// <summary>Layers that run as often as a file says, each pass with caches of its own.</summary>
public sealed class PassTests
{
    [Theory]
    [InlineData(1, 3)]
    [InlineData(4, 12)]
    public void Each_pass_has_its_own_caches(long passes, int attentions)
    {
        using var model = new RecipeModel("nanbeige-rich");
        var nodes = Graph(model, passes).Nodes.Where(n => n.Op == Op.Attention).ToList();
        Assert.Equal(attentions, nodes.Count);
        Assert.Equal(attentions, nodes.Select(n => n.Attributes.Find(Attr.Layer)).Distinct().Count());
    }

    [Fact]
    public void A_number_of_passes_that_no_model_has_is_a_bad_file()
    {
        using var model = new RecipeModel("nanbeige-rich");
        var message = Assert.Throws<ModelFileException>(() => Graph(model, int.MaxValue)).Message;
        Assert.Contains("a forward pass has at most 262144 operations", message, StringComparison.Ordinal);
        Assert.Contains("how often they run", message, StringComparison.Ordinal);
        Assert.Contains("num_loops is 0, expected 1 or more", Assert.Throws<ModelFileException>(() => Graph(model, 0)).Message, StringComparison.Ordinal);
    }

    private static Graph Graph(RecipeModel model, long passes)
    {
        var source = new AlteredSource(new GgufModelSource(model.File)) { Keys = { ["nanbeige.num_loops"] = passes } };
        ModelLoader.Load(model.Model, source);
        return model.Model.BuildGraph();
    }
}
