using System.Globalization;
using ArchGen.Vulkan.Execution;
using ArchGen.Vulkan.Tests.Execution;

namespace ArchGen.Vulkan.Tests.Limits;

/// <summary>What <see cref="SubgroupTests"/> runs in processes with another width of vectors. Nothing else runs it.</summary>
public sealed class SubgroupRuns
{
    /// <summary>Red if the variable does not do what it is set for.</summary>
    [Fact(Explicit = true)]
    public void Subgroups_have_the_size_that_was_chosen()
    {
        var bits = int.Parse(Environment.GetEnvironmentVariable("LP_NATIVE_VECTOR_WIDTH")!, CultureInfo.InvariantCulture);
        Assert.Equal((uint)bits / 32, TestDevice.Get().Properties.SubgroupSize);
    }

    /// <summary>Red for a norm, a softmax, an attention, a choice, a route or a scan that depends on the size of a subgroup.</summary>
    [Theory(Explicit = true)]
    [InlineData("llama")]
    [InlineData("qwen2moe")]
    [InlineData("qwen3next")]
    [InlineData("t5")]
    public void Some_architectures_give_the_same_numbers(string recipe)
    {
        using var run = new ModelRun(recipe);
        run.AssertClose(new VulkanBackend(TestDevice.Get()));
    }
}
