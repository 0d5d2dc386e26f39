using System.Runtime.InteropServices;
using ArchGen.Architectures;
using ArchGen.Cpu.Execution;
using ArchGen.Fixtures;
using ArchGen.Runtime.Embeddings;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Recipes;

namespace ArchGen.EndToEnd.Tests.Embeddings;

/// <summary>What heads give after pooling, against llama.cpp's results for small random models: scores, or a projected embedding.</summary>
public sealed class HeadTests
{
    [Theory]
    [InlineData("neo-bert-rank", Pooling.Rank, 1e-8)]
    [InlineData("gemma-embedding-head", Pooling.Mean, 1e-6)] // The reference reads GELU from a table.
    public void A_head_gives_what_the_reference_gives(string name, Pooling pooling, double tolerance)
    {
        var path = SharedFixtures.Local($"heads/{name}.json");
        var recipe = ModelRecipe.Parse(name, path, File.ReadAllBytes(path), results: null);
        var expected = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.ChangeExtension(path, ".logits.bin"))).ToArray();
        using var model = new LoadedModel(recipe.ToGguf(), Catalog.All);
        using var embedder = new TextEmbedder(model, CpuBackend.Exact(), new EmbeddingOptions { Normalize = false });
        Assert.Equal(pooling, embedder.Pooling);
        var result = embedder.Embed([.. recipe.Tokens]);
        Assert.Equal(expected.Length, result.Length);
        Assert.InRange(ArchitectureFixture.NormalizedError(expected, result), 0, tolerance);

        // Other pooling, or another text, is another result.
        using var other = new TextEmbedder(model, CpuBackend.Exact(), new EmbeddingOptions { Pooling = Pooling.Last, Normalize = false });
        if (pooling == Pooling.Mean) Assert.True(ArchitectureFixture.NormalizedError(expected, other.Embed([.. recipe.Tokens])) > 1e-3);
        Assert.True(ArchitectureFixture.NormalizedError(expected, embedder.Embed([.. recipe.Tokens.Reverse()])) > 1e-6);
    }
}
