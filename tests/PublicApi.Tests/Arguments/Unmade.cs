namespace ArchGen.PublicApi.Tests.Arguments;

/// <summary>The types of which these tests make no object, and why; members that take or belong to one are tested elsewhere.</summary>
internal static class Unmade
{
    /// <summary>By the type.</summary>
    public static IReadOnlyDictionary<Type, string> Types { get; } = new Dictionary<Type, string>
    {
        [typeof(Vulkan.Execution.VulkanBackend)] = "It needs a device.",
        [typeof(Vulkan.Devices.VulkanDevice)] = "It needs a device.",
        [typeof(Runtime.Adapters.LoraAdapter)] = "It needs a model that is converted with it: LoraTests.",
        [typeof(Tools.Measurement.Distribution)] = "It is made by a measurement of minutes.",
    };
}
