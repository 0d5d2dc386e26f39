using Silk.NET.Vulkan;

namespace ArchGen.Vulkan.Devices;

/// <summary>What memory is for.</summary>
internal enum MemoryUse
{
    /// <summary>Read and written by shaders: weights, values, caches.</summary>
    Device,

    /// <summary>Written by the processor and read by shaders: micro-batches, tables.</summary>
    Upload,

    /// <summary>Written by the device and read by the processor: results.</summary>
    Readback,
}

/// <summary>Which of a device's memory types serves which use.</summary>
internal static class MemoryTypes
{
    private const MemoryPropertyFlags Local = MemoryPropertyFlags.DeviceLocalBit;
    private const MemoryPropertyFlags Visible = MemoryPropertyFlags.HostVisibleBit | MemoryPropertyFlags.HostCoherentBit;
    private const MemoryPropertyFlags Cached = MemoryPropertyFlags.HostCachedBit;

    /// <summary>The types for a use, the best first. The device's own memory is taken as it is; only on unified devices it is also the processor's.</summary>
    public static IEnumerable<uint> For(MemoryUse use, DeviceProperties device) => (use switch
    {
        MemoryUse.Device => device.IsUnified ? [Local | Visible | Cached, Local | Visible, Local, 0] : [Local, 0],
        MemoryUse.Upload => (MemoryPropertyFlags[])[Local | Visible, Visible],
        _ => [Visible | Cached, Visible],
    }).SelectMany(flags => With(flags, device.Memory)).Distinct();

    /// <summary>The heaps that are the device's own.</summary>
    public static IEnumerable<int> LocalHeaps(PhysicalDeviceMemoryProperties memory) =>
        Enumerable.Range(0, (int)memory.MemoryHeapCount).Where(heap => (memory.MemoryHeaps[heap].Flags & MemoryHeapFlags.DeviceLocalBit) != 0);

    private static IEnumerable<uint> With(MemoryPropertyFlags flags, PhysicalDeviceMemoryProperties memory)
    {
        for (var i = 0; i < memory.MemoryTypeCount; i++)
        {
            if ((memory.MemoryTypes[i].PropertyFlags & flags) == flags) yield return (uint)i;
        }
    }
}
