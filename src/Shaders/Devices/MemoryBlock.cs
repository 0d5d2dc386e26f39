using Silk.NET.Vulkan;
using Buffer = Silk.NET.Vulkan.Buffer;

namespace ArchGen.Vulkan.Devices;

/// <summary>One allocation of a device's memory, as a buffer that shaders reach by its address.</summary>
internal sealed unsafe class MemoryBlock : IDisposable
{
    /// <summary>What all blocks are used for.</summary>
    public const BufferUsageFlags Usage = BufferUsageFlags.StorageBufferBit | BufferUsageFlags.ShaderDeviceAddressBit | BufferUsageFlags.TransferSrcBit
        | BufferUsageFlags.TransferDstBit;

    private readonly LogicalDevice _device;
    private DeviceMemory _memory;

    private MemoryBlock(LogicalDevice device, Buffer buffer, DeviceMemory memory, long bytes, bool isImported)
    {
        (_device, Buffer, _memory, Bytes, IsImported) = (device, buffer, memory, bytes, isImported);
        if (!isImported) device.CountMemory(bytes);
        var info = new BufferDeviceAddressInfo { SType = StructureType.BufferDeviceAddressInfo, Buffer = buffer };
        Address = device.Vk.GetBufferDeviceAddress(device.Device, &info);
    }

    public Buffer Buffer { get; }

    public long Bytes { get; }

    /// <summary>Whether it is the process's memory, which the device only reads.</summary>
    public bool IsImported { get; }

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
            var priority = new MemoryPriorityAllocateInfoEXT
            {
                SType = StructureType.MemoryPriorityAllocateInfoExt, Priority = MemoryPriority.Of(use),
            };
            var flags = new MemoryAllocateFlagsInfo
            {
                SType = StructureType.MemoryAllocateFlagsInfo, Flags = MemoryAllocateFlags.DeviceAddressBit,
                PNext = device.HasMemoryPriority ? &priority : null,
            };
            var allocate = new MemoryAllocateInfo
            {
                SType = StructureType.MemoryAllocateInfo, PNext = &flags, AllocationSize = requirements.Size, MemoryTypeIndex = type,
            };
            if (vk.AllocateMemory(device.Device, &allocate, null, out var memory) < 0) continue;
            device.Check(vk.BindBufferMemory(device.Device, buffer, memory, 0), "vkBindBufferMemory");
            var block = new MemoryBlock(device, buffer, memory, bytes, isImported: false);
            block.Map(device.Info.Properties.Memory.MemoryTypes[(int)type].PropertyFlags);
            return block;
        }

        vk.DestroyBuffer(device.Device, buffer, null);
        return null;
    }

    /// <summary>
    /// Makes the process's memory a block; null if the device refuses. It must stay where it is until the block is disposed, and nothing may write to the
    /// block.
    /// </summary>
    /// <param name="device">The device.</param>
    /// <param name="start">The first byte, at a multiple of <see cref="HostMemory.Alignment"/>.</param>
    /// <param name="bytes">Their number, a multiple of it.</param>
    public static MemoryBlock? TryImport(LogicalDevice device, nint start, long bytes)
    {
        var vk = device.Vk;
        if (device.HostMemory.TypesOf(start) is not (> 0 and var types)) return null;
        var kind = new ExternalMemoryBufferCreateInfo
        {
            SType = StructureType.ExternalMemoryBufferCreateInfo, HandleTypes = ExternalMemoryHandleTypeFlags.HostAllocationBitExt,
        };
        var info = new BufferCreateInfo { SType = StructureType.BufferCreateInfo, PNext = &kind, Size = (ulong)bytes, Usage = Usage };
        if (vk.CreateBuffer(device.Device, &info, null, out var buffer) < 0) return null;
        vk.GetBufferMemoryRequirements(device.Device, buffer, out var requirements);
        types &= requirements.Size <= (ulong)bytes ? requirements.MemoryTypeBits : 0;
        foreach (var type in MemoryTypes.For(MemoryUse.Device, device.Info.Properties))
        {
            if ((types & (1u << (int)type)) == 0) continue;
            var import = new ImportMemoryHostPointerInfoEXT
            {
                SType = StructureType.ImportMemoryHostPointerInfoExt, HandleType = ExternalMemoryHandleTypeFlags.HostAllocationBitExt,
                PHostPointer = (void*)start,
            };
            var flags = new MemoryAllocateFlagsInfo
            {
                SType = StructureType.MemoryAllocateFlagsInfo, Flags = MemoryAllocateFlags.DeviceAddressBit, PNext = &import,
            };
            var allocate = new MemoryAllocateInfo
            {
                SType = StructureType.MemoryAllocateInfo, PNext = &flags, AllocationSize = (ulong)bytes, MemoryTypeIndex = type,
            };
            if (vk.AllocateMemory(device.Device, &allocate, null, out var memory) < 0) continue;
            if (vk.BindBufferMemory(device.Device, buffer, memory, 0) >= 0) return new MemoryBlock(device, buffer, memory, bytes, isImported: true);
            vk.FreeMemory(device.Device, memory, null);
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
        if (!IsImported) _device.CountMemory(-Bytes);
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
