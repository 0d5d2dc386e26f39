using ArchGen.Vulkan.Devices;

namespace ArchGen.Vulkan.Tests;

/// <summary>The device of the tests with something pretended of it. Each is opened once.</summary>
internal static class FakeDevices
{
    // A NaN; as an index it is far outside of everything.
    private const uint Nan = 0x7FC0_0000;

    private static readonly Lazy<VulkanDevice> SeparateDevice = new(() => OfSeparateRanges(null));
    private static readonly Lazy<VulkanDevice> SmallBlocksDevice = new(() => TestDevice.Get().With(new DeviceFakes { BlockBytes = 64 << 10 }));

    /// <summary>One with an allocation for each weight, value, cache and table, full of NaN.</summary>
    public static VulkanDevice Separate => Get(SeparateDevice);

    /// <summary>One with blocks of memory so small that the weights of a recipe's model need several.</summary>
    public static VulkanDevice SmallBlocks => Get(SmallBlocksDevice);

    /// <summary>What is pretended of it.</summary>
    public static DeviceFakes SeparateRanges => new() { HasSeparateRanges = true, FreshWord = Nan };

    /// <summary>The same with modules that are rewritten before they are compiled.</summary>
    public static VulkanDevice OfSeparateRanges(Func<uint[], uint[]>? rewrite) =>
        TestDevice.Get().With(SeparateRanges with { Rewrite = rewrite });

    // A test without a device is skipped by an exception, which a lazy value would keep.
    private static VulkanDevice Get(Lazy<VulkanDevice> device)
    {
        TestDevice.Get();
        return device.Value;
    }
}
