using ArchGen.Architectures;
using ArchGen.Fixtures;
using ArchGen.Gguf;
using ArchGen.Graphs;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Planning;
using ArchGen.Tools.Recipes;
using ArchGen.Vulkan.Execution;

namespace ArchGen.Vulkan.Tests.Execution;

/// <summary>How many shaders run for a block: what follows a product is computed by it, and what is alike together.</summary>
public sealed class DispatchTests
{
    private const int MaxOfBlock = 10;

    /// <summary>Red if a residual, a gate or a bias is a step of its own again, or queries and keys are rotated or stored one by one.</summary>
    [Fact]
    public void A_block_takes_at_most_ten_dispatches()
    {
        var dispatches = new List<string>();
        using var model = new LoadedModel(GgufFile.Open(SharedFixtures.Local("models/stories260K.gguf")), Catalog.All);
        using var context = model.CreateContext(new ContextOptions
        {
            Backend = new VulkanBackend(TestDevice.Get())
            {
                Compiled = part => dispatches.AddRange(part.Steps.All.Where(s => BlockName.Of(s.Step.Node) == "blk.0").Select(s => $"{s.Kind} {s.Step.Node}")),
            },
            ContextLength = 16,
        });
        Assert.True(dispatches.Count is > 5 and <= MaxOfBlock, string.Join('\n', dispatches));
    }

    /// <summary>Red if what follows a norm (the residual after it) or an attention (its gate) is a step of its own again.</summary>
    [Theory]
    [InlineData("Fixtures/architectures/gemma2", Op.RmsNorm)]
    [InlineData("Fixtures/architectures/olmo2", Op.RmsNorm)]
    [InlineData("Vulkan.Tests/Execution/Recipes/gated-attention", Op.Attention)]
    public void What_follows_a_norm_or_an_attention_is_computed_by_it(string recipe, Op op)
    {
        var applied = new List<string>();
        var separate = new List<string>();
        using var run = new ModelRun(ModelRecipe.Open(Repository.PathOf($"tests/{recipe}.json")));
        var backend = new VulkanBackend(TestDevice.Get())
        {
            Compiled = part =>
            {
                foreach (var step in part.Steps.All.Select(s => s.Step).Distinct())
                {
                    if (step.Node.Op == op && step is Operation { After: not null } or AttentionOperation { After: not null })
                        applied.Add(step.Node.ToString());
                    if (step is ChainOperation chain && chain.Node.Inputs.Any(input => input?.Op == op)) separate.Add(step.Node.ToString());
                }
            },
        };
        run.AssertClose(backend);
        Assert.NotEmpty(applied);
        Assert.Empty(separate);
    }
}
