using ArchGen.Fixtures;
using ArchGen.Runtime.Backends;
using ArchGen.Vulkan.Devices;
using ArchGen.Vulkan.Execution;
using ArchGen.Vulkan.Tests.Execution;
using Silk.NET.Vulkan;

namespace ArchGen.Vulkan.Tests.Limits;

/// <summary>Devices that can do less than this one give the same numbers.</summary>
public sealed class LimitTests
{
    // What a placement leaves free.
    private const long ReservedBytes = 384L << 20;

    /// <summary>Red for a shader that needs a workgroup for each of its items, more shared memory than it was told, or weights that lie together.</summary>
    [Theory]
    [MemberData(nameof(CoveringRecipes.Data), MemberType = typeof(CoveringRecipes))]
    public void The_lowest_limits_give_the_same_numbers(string recipe)
    {
        using var run = new ModelRun(recipe);
        var device = FakeDevices.SmallBlocks;
        run.AssertClose(new VulkanBackend(device)
        {
            Limits = new DeviceLimits(64, 16 << 10, 128),
            Products = limits => ProductShapes.OfHardware(limits, device.Properties.SubgroupSize),
        });
    }

    /// <summary>Red if memory is given out beyond the end of a block, or blocks are larger than asked for.</summary>
    [Fact]
    public void Memory_comes_from_blocks_of_the_size_that_is_allowed()
    {
        var device = TestDevice.Get().With(new DeviceFakes { BlockBytes = 1 << 20 }).Open();
        using var pool = new MemoryPool(device, MemoryUse.Device);
        MemoryRange[] ranges = [.. Enumerable.Range(0, 20).Select(_ => pool.Allocate(300_000, ahead: 1L << 40)), pool.Allocate(3 << 20)];
        Assert.Equal([.. Enumerable.Repeat(1L << 20, 7), 3L << 20], pool.Blocks.Select(block => block.Bytes));
        Assert.All(ranges, range => Assert.InRange(range.Offset + range.Bytes, 1, range.Block.Bytes));
        Assert.Equal(10L << 20, device.MemoryInUse);
    }

    /// <summary>Red if a refused block is not halved, or smaller ones are not tried.</summary>
    [Fact]
    public void A_block_that_is_refused_is_halved()
    {
        var device = TestDevice.Get().With(new DeviceFakes { MemoryBytes = 5 << 20 }).Open();
        using var pool = new MemoryPool(device, MemoryUse.Device);
        pool.Allocate(1 << 20, ahead: 15 << 20);
        Assert.Equal([4L << 20], pool.Blocks.Select(block => block.Bytes));
        var error = Assert.Throws<DeviceException>(() => Enumerable.Repeat(2 << 20, 4).Select(bytes => pool.Allocate(bytes)).ToArray());
        Assert.Contains("refuses 2 MiB", error.Message);
    }

    /// <summary>Red if more is placed on a device than is free, or nothing says so.</summary>
    [Theory]
    [InlineData("llama")]
    [InlineData("qwen2moe")]
    [InlineData("mamba2")]
    [InlineData("gemma3")]
    public void A_budget_of_half_a_model_places_fewer_layers(string recipe)
    {
        using var run = new ModelRun(recipe);
        var device = TestDevice.Get().With(new DeviceFakes { FreeBytes = ReservedBytes + (run.WeightBytes / 2), Type = PhysicalDeviceType.DiscreteGpu });
        List<string> lines = [];
        var backend = new OffloadBackend([new VulkanBackend(device)], ModelRun.Cpu) { Report = lines.Add };
        run.Results(backend);
        Assert.Matches(@"^vulkan\d+: [1-9]\d* layers, .* of .* free; the other \d+ of \d+ are on the cpu, since they do not fit$", Assert.Single(lines));
        run.AssertClose(backend);
    }
}
