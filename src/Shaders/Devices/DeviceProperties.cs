using System.Runtime.InteropServices;
using Silk.NET.Vulkan;

namespace ArchGen.Vulkan.Devices;

/// <summary>What a physical device says of itself.</summary>
internal sealed unsafe class DeviceProperties
{
    public DeviceProperties(Vk vk, PhysicalDevice physical)
    {
        Physical = physical;
        Extensions = ExtensionsOf(vk, physical);
        var subgroups = new PhysicalDeviceSubgroupSizeControlProperties { SType = StructureType.PhysicalDeviceSubgroupSizeControlProperties };
        var host = new PhysicalDeviceExternalMemoryHostPropertiesEXT
        {
            SType = StructureType.PhysicalDeviceExternalMemoryHostPropertiesExt, PNext = &subgroups,
        };
        var p12 = new PhysicalDeviceVulkan12Properties { SType = StructureType.PhysicalDeviceVulkan12Properties, PNext = &host };
        var p11 = new PhysicalDeviceVulkan11Properties { SType = StructureType.PhysicalDeviceVulkan11Properties, PNext = &p12 };
        var properties = new PhysicalDeviceProperties2 { SType = StructureType.PhysicalDeviceProperties2, PNext = &p11 };
        vk.GetPhysicalDeviceProperties2(physical, &properties);
        var core = properties.Properties;
        (ApiVersion, Type, Limits, VendorId) = (core.ApiVersion, core.DeviceType, core.Limits, core.VendorID);
        Name = Marshal.PtrToStringUTF8((nint)core.DeviceName)!;
        Driver = $"{Marshal.PtrToStringUTF8((nint)p12.DriverName)} {Marshal.PtrToStringUTF8((nint)p12.DriverInfo)}";
        CacheKey = $"{core.VendorID:x}-{core.DeviceID:x}-{core.DriverVersion:x}-{Convert.ToHexStringLower(new ReadOnlySpan<byte>(core.PipelineCacheUuid, 16))}";
        MaxAllocation = (long)Math.Min(p11.MaxMemoryAllocationSize, long.MaxValue);
        SubgroupSize = p11.SubgroupSize;
        SubgroupSizes = (subgroups.RequiredSubgroupSizeStages & ShaderStageFlags.ComputeBit) == 0
            ? (p11.SubgroupSize, p11.SubgroupSize)
            : (subgroups.MinSubgroupSize, subgroups.MaxSubgroupSize);
        HasSubgroupArithmetic = (p11.SubgroupSupportedOperations & SubgroupFeatureFlags.ArithmeticBit) != 0
            && (p11.SubgroupSupportedStages & ShaderStageFlags.ComputeBit) != 0;
        HostPointerAlignment = (long)host.MinImportedHostPointerAlignment;
        vk.GetPhysicalDeviceMemoryProperties(physical, out var memory);
        Memory = memory;
    }

    /// <summary>The device.</summary>
    public PhysicalDevice Physical { get; }

    public string Name { get; }

    /// <summary>The driver's name and version.</summary>
    public string Driver { get; }

    /// <summary>Names the device with its driver: compiled pipelines of another one are of no use.</summary>
    public string CacheKey { get; }

    public uint ApiVersion { get; }

    public uint VendorId { get; }

    public PhysicalDeviceType Type { get; }

    public PhysicalDeviceLimits Limits { get; }

    public PhysicalDeviceMemoryProperties Memory { get; }

    /// <summary>The largest allocation, in bytes.</summary>
    public long MaxAllocation { get; }

    /// <summary>Invocations of a subgroup, unless a pipeline says otherwise.</summary>
    public uint SubgroupSize { get; }

    /// <summary>The smallest and the largest size of a subgroup that a pipeline can demand.</summary>
    public (uint Least, uint Most) SubgroupSizes { get; }

    public bool HasSubgroupArithmetic { get; }

    /// <summary>The alignment that memory of the process must have to be imported; 0 if it cannot be.</summary>
    public long HostPointerAlignment { get; }

    public IReadOnlySet<string> Extensions { get; }

    /// <summary>Whether the processor and the device share their memory.</summary>
    public bool IsUnified => Type is PhysicalDeviceType.IntegratedGpu or PhysicalDeviceType.Cpu;

    private static HashSet<string> ExtensionsOf(Vk vk, PhysicalDevice physical)
    {
        uint count = 0;
        vk.EnumerateDeviceExtensionProperties(physical, (byte*)null, &count, null);
        var properties = new ExtensionProperties[count];
        fixed (ExtensionProperties* first = properties) vk.EnumerateDeviceExtensionProperties(physical, (byte*)null, &count, first);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var extension in properties) names.Add(Marshal.PtrToStringUTF8((nint)extension.ExtensionName)!);
        return names;
    }
}
