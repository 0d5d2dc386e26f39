using System.Runtime.InteropServices;
using ArchGen.Fixtures;
using ArchGen.Gguf;

namespace ArchGen.Tools.Tests.Recipes;

public sealed class ArchitectureFixtureTests
{
    public static TheoryData<string> Names => [.. ArchitectureFixture.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Recipes_become_models(string name)
    {
        using var folder = new TemporaryFolder();
        var fixture = ArchitectureFixture.Load(name);
        using var file = GgufFile.Open(fixture.WriteGguf(folder.Path));
        Assert.Equal(fixture.Architecture, file.Metadata.GetString("general.architecture"));
        Assert.Equal(fixture.Tokens.Length * fixture.Width, fixture.Expected.Length);
        Assert.NotEmpty(file.Tensors);
    }

    // The first node of the reference is the look-up of the prompt's embeddings: it shows that the weights are the reference's own.
    [Theory]
    [InlineData("llama")]
    [InlineData("qwen3")]
    [InlineData("mamba2")]
    public void Weights_are_those_of_the_reference(string name)
    {
        using var folder = new TemporaryFolder();
        var fixture = ArchitectureFixture.Load(name);
        using var file = GgufFile.Open(fixture.WriteGguf(folder.Path));
        Assert.True(file.TryGetTensor("token_embd.weight", out var embedding));
        var weights = MemoryMarshal.Cast<byte, float>(embedding.Span);
        var width = (int)embedding.Dimensions[0];
        double sum = 0;
        foreach (var token in fixture.Tokens)
        {
            foreach (var weight in weights.Slice(token * width, width))
                sum += weight;
        }

        var node = fixture.ReadNodes().First();
        Assert.Equal("GET_ROWS", node.Operation);
        Assert.Equal([width, fixture.Tokens.Length, 1, 1], node.Shape);
        Assert.Equal(node.Sum, sum, 1e-5);
        Assert.Equal(node.Samples[0], weights[fixture.Tokens[0] * width], 1e-7);
        Assert.Equal(node.Samples[1], weights[(fixture.Tokens[0] * width) + 1], 1e-7);
        Assert.Equal(node.Samples[2], weights[((fixture.Tokens[^1] + 1) * width) - 1], 1e-7);
    }
}
