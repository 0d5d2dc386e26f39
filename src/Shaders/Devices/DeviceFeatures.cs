using Silk.NET.Vulkan;

namespace ArchGen.Vulkan.Devices;

/// <summary>Which features a device has, of those that the shaders need or can use.</summary>
internal sealed unsafe class DeviceFeatures
{
    private readonly List<string> _missing = [];

    public DeviceFeatures(Vk vk, DeviceProperties properties)
    {
        var matrices = new PhysicalDeviceCooperativeMatrixFeaturesKHR { SType = StructureType.PhysicalDeviceCooperativeMatrixFeaturesKhr };
        var subgroups = new PhysicalDeviceSubgroupSizeControlFeatures
        {
            SType = StructureType.PhysicalDeviceSubgroupSizeControlFeatures,
            PNext = properties.Extensions.Contains(MatrixUnit.Extension) ? &matrices : null,
        };
        var f12 = new PhysicalDeviceVulkan12Features { SType = StructureType.PhysicalDeviceVulkan12Features, PNext = &subgroups };
        var f11 = new PhysicalDeviceVulkan11Features { SType = StructureType.PhysicalDeviceVulkan11Features, PNext = &f12 };
        var features = new PhysicalDeviceFeatures2 { SType = StructureType.PhysicalDeviceFeatures2, PNext = &f11 };
        vk.GetPhysicalDeviceFeatures2(properties.Physical, &features);
        Demand(properties.ApiVersion >= Vk.Version12, "Vulkan 1.2");
        Demand(f12.BufferDeviceAddress, "bufferDeviceAddress");
        Demand(features.Features.ShaderInt64, "shaderInt64");
        Demand(f12.StorageBuffer8BitAccess, "storageBuffer8BitAccess");
        Demand(f11.StorageBuffer16BitAccess, "storageBuffer16BitAccess");
        Demand(f12.ScalarBlockLayout, "scalarBlockLayout");
        Demand(f12.TimelineSemaphore, "timelineSemaphore");
        Demand(properties.HasSubgroupArithmetic, "subgroup arithmetic in compute shaders");
        HasFloat16 = f12.ShaderFloat16;
        HasFullSubgroups = subgroups.ComputeFullSubgroups
            && (properties.ApiVersion >= Vk.Version13 || properties.Extensions.Contains("VK_EXT_subgroup_size_control"));
        HasMatrixUnits = matrices.CooperativeMatrix && HasFloat16 && f12.VulkanMemoryModel && f12.VulkanMemoryModelDeviceScope
            && HasFullSubgroups && subgroups.SubgroupSizeControl;
    }

    /// <summary>What the device lacks and every shader needs; empty for a device that can be used.</summary>
    public IReadOnlyList<string> Missing => _missing;

    /// <summary>Whether shaders compute in half precision.</summary>
    public bool HasFloat16 { get; }

    /// <summary>Whether a pipeline can demand that no subgroup is cut short.</summary>
    public bool HasFullSubgroups { get; }

    /// <summary>Whether there are matrix units, and what shaders that use them need.</summary>
    public bool HasMatrixUnits { get; }

    private void Demand(bool isThere, string feature)
    {
        if (!isThere) _missing.Add(feature);
    }
}
