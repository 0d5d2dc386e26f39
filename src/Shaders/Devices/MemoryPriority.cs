using Silk.NET.Vulkan;

namespace ArchGen.Vulkan.Devices;

/// <summary>How much allocations are needed on the device: the system moves others to the processor's memory first where several programs share one.</summary>
internal static unsafe class MemoryPriority
{
    public const string Extension = "VK_EXT_memory_priority";

    /// <summary>Whether a device has it.</summary>
    public static bool IsSupported(Vk vk, DeviceProperties properties)
    {
        if (!properties.Extensions.Contains(Extension)) return false;
        var priorities = new PhysicalDeviceMemoryPriorityFeaturesEXT { SType = StructureType.PhysicalDeviceMemoryPriorityFeaturesExt };
        var features = new PhysicalDeviceFeatures2 { SType = StructureType.PhysicalDeviceFeatures2, PNext = &priorities };
        vk.GetPhysicalDeviceFeatures2(properties.Physical, &features);
        return priorities.MemoryPriority;
    }

    /// <summary>The priority of a use, 0 to 1; 0.5 is what drivers assume. Each token reads all weights.</summary>
    public static float Of(MemoryUse use) => use == MemoryUse.Device ? 1 : 0.5f;
}
