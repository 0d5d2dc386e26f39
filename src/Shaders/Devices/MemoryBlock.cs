using Silk.NET.Vulkan;
using Buffer = Silk.NET.Vulkan.Buffer;

namespace ArchGen.Vulkan.Devices;

/// <summary>One allocation of a device's memory, as a buffer that shaders reach by its address.</summary>
internal sealed unsafe class MemoryBlock : IDisposable
{
    private const BufferUsageFlags Usage = BufferUsageFlags.StorageBufferBit | BufferUsageFlags.ShaderDeviceAddressBit | BufferUsageFlags.TransferSrcBit
        | BufferUsageFlags.TransferDstBit;

    private readonly LogicalDevice _device;
    private DeviceMemory _memory;

    private MemoryBlock(LogicalDevice device, Buffer buffer, DeviceMemory memory, long bytes)
    {
        (_device, Buffer, _memory, Bytes) = (device, buffer, memory, bytes);
        device.CountMemory(bytes);
        var info = new BufferDeviceAddressInfo { SType = StructureType.BufferDeviceAddressInfo, Buffer = buffer };
        Address = device.Vk.GetBufferDeviceAddress(device.Device, &info);
    }

    public Buffer Buffer { get; }

    public long Bytes { get; }

    /// <summary>What shaders reach it by.</summary>
    public ulong Address { get; }

    /// <summary>Where the processor sees it; 0 if it does not.</summary>
    public nint Mapped { get; private set; }

    /// <summary>Whether the processor reads it as fast as its own memory.</summary>
    public bool IsCached { get; private set; }

    /// <summary>Allocates a block; null if the device refuses.</summary>
    public static MemoryBlock? TryAllocate(LogicalDevice device, long bytes, MemoryUse use)
    {
        if (device.MemoryInUse + bytes > device.Info.Fakes.MemoryBytes) return null;
        var vk = device.Vk;
        var info = new BufferCreateInfo { SType = StructureType.BufferCreateInfo, Size = (ulong)bytes, Usage = Usage };
        if (vk.CreateBuffer(device.Device, &info, null, out var buffer) < 0) return null;
        vk.GetBufferMemoryRequirements(device.Device, buffer, out var requirements);
        foreach (var type in MemoryTypes.For(use, device.Info.Properties))
        {
            if ((requirements.MemoryTypeBits & (1u << (int)type)) == 0) continue;
            var flags = new MemoryAllocateFlagsInfo { SType = StructureType.MemoryAllocateFlagsInfo, Flags = MemoryAllocateFlags.DeviceAddressBit };
            var allocate = new MemoryAllocateInfo
            {
                SType = StructureType.MemoryAllocateInfo, PNext = &flags, AllocationSize = requirements.Size, MemoryTypeIndex = type,
            };
            if (vk.AllocateMemory(device.Device, &allocate, null, out var memory) < 0) continue;
            device.Check(vk.BindBufferMemory(device.Device, buffer, memory, 0), "vkBindBufferMemory");
            var block = new MemoryBlock(device, buffer, memory, bytes);
            block.Map(device.Info.Properties.Memory.MemoryTypes[(int)type].PropertyFlags);
            return block;
        }

        vk.DestroyBuffer(device.Device, buffer, null);
        return null;
    }

    public void Dispose()
    {
        if (_memory.Handle == 0) return;
        _device.Vk.DestroyBuffer(_device.Device, Buffer, null);
        _device.Vk.FreeMemory(_device.Device, _memory, null);
        _memory = default;
        _device.CountMemory(-Bytes);
    }

    private void Map(MemoryPropertyFlags flags)
    {
        const MemoryPropertyFlags Needed = MemoryPropertyFlags.HostVisibleBit | MemoryPropertyFlags.HostCoherentBit;
        if ((flags & Needed) != Needed) return;
        void* mapped = null;
        if (_device.Vk.MapMemory(_device.Device, _memory, 0, Vk.WholeSize, 0, &mapped) < 0) return;
        (Mapped, IsCached) = ((nint)mapped, (flags & MemoryPropertyFlags.HostCachedBit) != 0);
        if (_device.Info.Fakes.FreshWord is { } word) new Span<uint>(mapped, checked((int)(Bytes / sizeof(uint)))).Fill(word);
    }
}
