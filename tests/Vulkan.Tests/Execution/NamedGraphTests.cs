using ArchGen.Architectures;
using ArchGen.Eager;
using ArchGen.Fixtures;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Generation;
using ArchGen.Vulkan.Execution;

namespace ArchGen.Vulkan.Tests.Execution;

/// <summary>A graph that reads rows of another one, a row with each token, on a device.</summary>
public sealed class NamedGraphTests
{
    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(5)]
    [InlineData(1)]
    public void A_draft_is_that_of_the_processor(int batchSize)
    {
        using var model = new LoadedModel(PredictingRecipe.Load().ToGguf(), Catalog.All);
        var device = new VulkanBackend(TestDevice.Get()) { Precision = DevicePrecision.Exact };
        var prompt = ArchitectureFixture.Load("qwen3next").Tokens;
        var hidden = NamedGraph.Run(model, "hidden", prompt, null, device, batchSize);
        Assert.InRange(ArchitectureFixture.NormalizedError(NamedGraph.Run(model, "hidden", prompt, null, ModelRun.Cpu), hidden), 0, 1e-10);

        var width = hidden.Length / prompt.Length;
        var (tokens, rows) = (prompt[1..], new Operand(hidden[..^width], [prompt.Length - 1, width]));
        var expected = NamedGraph.Run(model, "draft", tokens, rows, ModelRun.Cpu);
        Assert.InRange(ArchitectureFixture.NormalizedError(expected, NamedGraph.Run(model, "draft", tokens, rows, device, batchSize)), 0, 1e-10);
        var both = new OffloadBackend([device], ModelRun.Cpu) { Layers = 1 };
        Assert.InRange(ArchitectureFixture.NormalizedError(expected, NamedGraph.Run(model, "draft", tokens, rows, both, batchSize)), 0, 1e-10);
    }
}
