using ArchGen.Vulkan.Devices;
using ArchGen.Vulkan.Execution;
using ArchGen.Vulkan.Tests.Execution;

namespace ArchGen.Vulkan.Tests.Memory;

/// <summary>The arena of a plan on devices whose largest allocation is smaller than it.</summary>
public sealed class ArenaTests
{
    /// <summary>Red if an arena is one allocation, or a value is in two.</summary>
    [Theory]
    [InlineData("llama")]
    [InlineData("qwen3next")]
    [InlineData("deepseek2")]
    [InlineData("t5")]
    public void An_arena_is_in_blocks_that_the_device_allocates(string recipe)
    {
        using var run = new ModelRun(recipe);
        var expected = run.Results(new VulkanBackend(TestDevice.Get()));
        var blocks = 0;
        float[]? actual = null;
        // The smallest that holds the largest value.
        for (long bytes = 1 << 10; actual is null; bytes *= 2)
        {
            var device = TestDevice.Get().With(new DeviceFakes { ArenaBlockBytes = bytes, BlockBytes = bytes });
            actual = ResultsOrNull(run, new VulkanBackend(device) { Compiled = part => blocks = Math.Max(blocks, part.Memory.ArenaBlocks) });
        }

        Assert.Equal(expected, actual);
        Assert.True(blocks > 1, $"{blocks} blocks");
    }

    /// <summary>Red if a value that no allocation holds is anything but a message.</summary>
    [Fact]
    public void A_value_that_is_larger_than_any_allocation_is_refused()
    {
        using var run = new ModelRun("llama");
        var device = TestDevice.Get().With(new DeviceFakes { ArenaBlockBytes = 256 });
        var error = Assert.Throws<DeviceException>(() => run.Results(new VulkanBackend(device)));
        Assert.Contains("is larger than the largest allocation of the device", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, device.Open().MemoryInUse);
    }

    private static float[]? ResultsOrNull(ModelRun run, VulkanBackend backend)
    {
        try
        {
            return run.Results(backend);
        }
        catch (DeviceException)
        {
            return null;
        }
    }
}
