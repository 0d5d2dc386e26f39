using Silk.NET.Vulkan;

namespace ArchGen.Vulkan.Devices;

/// <summary>
/// What a device's matrix units multiply at a time (VK_KHR_cooperative_matrix): M x K by K x N, operands in half precision, sums in single precision, by the
/// invocations of a subgroup together.
/// </summary>
/// <param name="M">Rows of the first operand.</param>
/// <param name="N">Columns of the second one.</param>
/// <param name="K">Elements of each sum.</param>
/// <param name="SubgroupSize">
/// The invocations of a subgroup, which a pipeline must state: a driver may choose another size by itself, with which the units are not there.
/// </param>
internal sealed unsafe record MatrixUnit(uint M, uint N, uint K, uint SubgroupSize)
{
    /// <summary>The extension of Vulkan.</summary>
    public const string Extension = "VK_KHR_cooperative_matrix";

    // What shaders keep of a row at a time.
    private const uint Depth = 32;

    private const uint Usual = 16;
    private const uint Intel = 0x8086;

    /// <summary>The units of a device; null if it has none that suit the shaders.</summary>
    public static MatrixUnit? Of(VulkanInstance instance, DeviceProperties properties, DeviceFeatures features)
    {
        if (!features.HasMatrixUnits) return null;
        var (least, most) = properties.SubgroupSizes;
        // Intel's units work with the smallest subgroups.
        var subgroup = properties.VendorId == Intel ? least : Math.Clamp(properties.SubgroupSize, least, most);
        return List(instance, properties.Physical)
            .Where(p => p.AType == ComponentTypeKHR.Float16Khr && p.BType == ComponentTypeKHR.Float16Khr && p.CType == ComponentTypeKHR.Float32Khr
                && p.ResultType == ComponentTypeKHR.Float32Khr && p.Scope == ScopeKHR.SubgroupKhr && !p.SaturatingAccumulation)
            .Where(p => p.MSize is 8 or 16 && p.NSize is 8 or 16 && p.KSize >= 8 && Depth % p.KSize == 0)
            .OrderByDescending(p => p.MSize == Usual && p.NSize == Usual && p.KSize == Usual)
            .ThenByDescending(p => p.MSize * p.NSize * p.KSize)
            .Select(p => new MatrixUnit(p.MSize, p.NSize, p.KSize, subgroup))
            .FirstOrDefault();
    }

    private static CooperativeMatrixPropertiesKHR[] List(VulkanInstance instance, PhysicalDevice physical)
    {
        // Not a function of the core: the loader does not export it.
        var function = (delegate* unmanaged<PhysicalDevice, uint*, CooperativeMatrixPropertiesKHR*, Result>)
            (nint)instance.Vk.GetInstanceProcAddr(instance.Instance, "vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR");
        uint count = 0;
        if (function is null || function(physical, &count, null) < 0) return [];
        var list = new CooperativeMatrixPropertiesKHR[count];
        Array.Fill(list, new CooperativeMatrixPropertiesKHR { SType = StructureType.CooperativeMatrixPropertiesKhr });
        fixed (CooperativeMatrixPropertiesKHR* first = list)
        {
            if (function(physical, &count, first) < 0) return [];
        }

        return list[..(int)count];
    }
}
