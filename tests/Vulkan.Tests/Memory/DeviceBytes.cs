using ArchGen.Vulkan.Devices;

namespace ArchGen.Vulkan.Tests.Memory;

/// <summary>Reads what the device has in a range of memory.</summary>
internal static unsafe class DeviceBytes
{
    /// <summary>The bytes, by a copy that the device makes.</summary>
    public static byte[] Read(CommandQueue queue, LogicalDevice device, MemoryRange range)
    {
        using var pool = new MemoryPool(device, MemoryUse.Readback);
        var copy = pool.Allocate(range.Bytes);
        queue.Copy(range, copy, range.Bytes);
        queue.Wait();
        return new ReadOnlySpan<byte>((void*)copy.Mapped, (int)range.Bytes).ToArray();
    }
}
