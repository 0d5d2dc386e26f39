using Silk.NET.Vulkan;

namespace ArchGen.Vulkan.Devices;

/// <summary>Memory of the process that the device reads where it is (VK_EXT_external_memory_host), as devices can that share the processor's memory.</summary>
internal sealed unsafe class HostMemory
{
    public const string Extension = "VK_EXT_external_memory_host";

    private const ExternalMemoryHandleTypeFlags Kind = ExternalMemoryHandleTypeFlags.HostAllocationBitExt;

    private readonly LogicalDevice _device;
    private readonly delegate* unmanaged<Device, ExternalMemoryHandleTypeFlags, void*, MemoryHostPointerPropertiesEXT*, Result> _getProperties;

    public HostMemory(LogicalDevice device)
    {
        _device = device;
        var (properties, fakes) = (device.Info.Properties, device.Info.Fakes);
        // The pages of a range are all mapped if the range is; larger units might not be. A value in separate memory is to be surrounded by nothing.
        if (!device.Info.IsUnified || !properties.Extensions.Contains(Extension) || fakes.RefusesImports || fakes.HasSeparateRanges) return;
        if (properties.HostPointerAlignment is not (> 0 and var alignment) || Environment.SystemPageSize % alignment != 0 || !IsImportable()) return;
        _getProperties = (delegate* unmanaged<Device, ExternalMemoryHandleTypeFlags, void*, MemoryHostPointerPropertiesEXT*, Result>)
            (nint)device.Vk.GetDeviceProcAddr(device.Device, "vkGetMemoryHostPointerPropertiesEXT");
        Alignment = _getProperties is null ? 0 : alignment;
    }

    /// <summary>The alignment of the ranges that it takes, in bytes, of their beginnings and of their sizes; 0 if it takes none.</summary>
    public long Alignment { get; }

    /// <summary>The types of memory, as bits, that an address of the process can be; 0 if it cannot be any.</summary>
    public uint TypesOf(nint start)
    {
        var properties = new MemoryHostPointerPropertiesEXT { SType = StructureType.MemoryHostPointerPropertiesExt };
        return _getProperties(_device.Device, Kind, (void*)start, &properties) < 0 ? 0 : properties.MemoryTypeBits;
    }

    /// <summary>
    /// Whether the device really reads memory of this kind. Some drivers import pages of a file that is mapped for reading, and lose the device when commands
    /// use them; so a page is tried on a device that is opened for this and destroyed.
    /// </summary>
    /// <param name="start">A multiple of <see cref="Alignment"/>, from which on as many bytes can be read.</param>
    public bool CanRead(nint start)
    {
        try
        {
            using var device = new LogicalDevice(_device.Vk, _device.Info);
            using var block = MemoryBlock.TryImport(device, start, Alignment);
            if (block is null) return false;
            using var pool = new MemoryPool(device, MemoryUse.Readback);
            using var queue = new CommandQueue(device);
            var copy = pool.Allocate(Alignment);
            queue.Copy(new MemoryRange(block, 0, Alignment), copy, Alignment);
            queue.Wait();
            return new ReadOnlySpan<byte>((void*)start, (int)Alignment).SequenceEqual(new ReadOnlySpan<byte>((void*)copy.Mapped, (int)Alignment));
        }
        catch (DeviceException)
        {
            return false;
        }
    }

    // Not where each import would need a buffer that was made for it.
    private bool IsImportable()
    {
        var info = new PhysicalDeviceExternalBufferInfo
        {
            SType = StructureType.PhysicalDeviceExternalBufferInfo, Usage = MemoryBlock.Usage, HandleType = Kind,
        };
        var properties = new ExternalBufferProperties { SType = StructureType.ExternalBufferProperties };
        _device.Vk.GetPhysicalDeviceExternalBufferProperties(_device.Info.Properties.Physical, &info, &properties);
        var features = properties.ExternalMemoryProperties.ExternalMemoryFeatures;
        return (features & ExternalMemoryFeatureFlags.ImportableBit) != 0 && (features & ExternalMemoryFeatureFlags.DedicatedOnlyBit) == 0;
    }
}
