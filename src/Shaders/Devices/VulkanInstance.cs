using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Silk.NET.Core;
using Silk.NET.Vulkan;

namespace ArchGen.Vulkan.Devices;

/// <summary>Vulkan in this process: opened once, when devices are first asked for, and kept.</summary>
internal sealed unsafe class VulkanInstance
{
    /// <summary>Set to 1, this variable of the environment turns on the validation layer.</summary>
    public const string ValidationVariable = "ARCHGEN_VULKAN_VALIDATION";

    private const string ValidationLayer = "VK_LAYER_KHRONOS_validation";

    private static readonly Lazy<VulkanInstance?> Opened = new(TryOpen);

    private VulkanInstance(Vk vk, Instance instance) => (Vk, Instance) = (vk, instance);

    /// <summary>The process's instance; null if there is no Vulkan here.</summary>
    public static VulkanInstance? Current => Opened.Value;

    /// <summary>What the validation layer has found.</summary>
    public static List<string> Messages { get; } = [];

    /// <summary>Told each message at once, on whatever thread the driver is; null unless somebody wants it.</summary>
    public static Action<string>? Report { get; set; }

    /// <summary>Vulkan's functions.</summary>
    public Vk Vk { get; }

    /// <summary>The handle.</summary>
    public Instance Instance { get; }

    /// <summary>Whether the validation layer is installed.</summary>
    public bool HasValidation => HasLayer(Vk);

    /// <summary>The physical devices, in the order of the driver.</summary>
    public PhysicalDevice[] PhysicalDevices()
    {
        uint count = 0;
        if (Vk.EnumeratePhysicalDevices(Instance, &count, null) < 0 || count == 0) return [];
        var devices = new PhysicalDevice[count];
        fixed (PhysicalDevice* first = devices)
        {
            if (Vk.EnumeratePhysicalDevices(Instance, &count, first) < 0) return [];
        }

        return devices[..(int)count];
    }

    private static VulkanInstance? TryOpen()
    {
        if (VulkanLibrary.TryOpen() is not { } library) return null;
        var vk = new Vk(library);
        uint version = 0;
        // A loader of Vulkan 1.0 has no such function; and 1.2 is needed.
        if (!library.TryGetProcAddress("vkEnumerateInstanceVersion", out _)) return null;
        if (vk.EnumerateInstanceVersion(&version) < 0 || version < Vk.Version12) return null;
        var isValidated = Environment.GetEnvironmentVariable(ValidationVariable) == "1";
        if (isValidated && !HasLayer(vk))
        {
            isValidated = false;
            Report?.Invoke($"{ValidationVariable}=1: {ValidationLayer} is not installed (Debian: vulkan-validationlayers). Nothing is validated.");
        }

        using var layers = new CStrings(isValidated ? [ValidationLayer] : []);
        using var extensions = new CStrings(isValidated ? ["VK_EXT_debug_utils"] : []);
        var application = new ApplicationInfo { SType = StructureType.ApplicationInfo, ApiVersion = Math.Min(version, Vk.Version13) };
        var info = new InstanceCreateInfo
        {
            SType = StructureType.InstanceCreateInfo,
            PApplicationInfo = &application,
            EnabledLayerCount = layers.Count,
            PpEnabledLayerNames = layers.Pointer,
            EnabledExtensionCount = extensions.Count,
            PpEnabledExtensionNames = extensions.Pointer,
        };
        if (vk.CreateInstance(&info, null, out var instance) < 0) return null;
        if (isValidated) Listen(vk, instance);
        return new VulkanInstance(vk, instance);
    }

    private static bool HasLayer(Vk vk)
    {
        uint count = 0;
        vk.EnumerateInstanceLayerProperties(&count, null);
        var layers = new LayerProperties[count];
        fixed (LayerProperties* first = layers) vk.EnumerateInstanceLayerProperties(&count, first);
        foreach (var layer in layers)
        {
            if (Marshal.PtrToStringUTF8((nint)layer.LayerName) == ValidationLayer) return true;
        }

        return false;
    }

    private static void Listen(Vk vk, Instance instance)
    {
        var info = new DebugUtilsMessengerCreateInfoEXT
        {
            SType = StructureType.DebugUtilsMessengerCreateInfoExt,
            MessageSeverity = DebugUtilsMessageSeverityFlagsEXT.WarningBitExt | DebugUtilsMessageSeverityFlagsEXT.ErrorBitExt,
            MessageType = DebugUtilsMessageTypeFlagsEXT.ValidationBitExt,
            PfnUserCallback = new PfnDebugUtilsMessengerCallbackEXT(
                (delegate* unmanaged[Cdecl]<
                    DebugUtilsMessageSeverityFlagsEXT, DebugUtilsMessageTypeFlagsEXT, DebugUtilsMessengerCallbackDataEXT*, void*, Bool32>)
                (delegate* unmanaged[Cdecl]<
                    DebugUtilsMessageSeverityFlagsEXT, DebugUtilsMessageTypeFlagsEXT, DebugUtilsMessengerCallbackDataEXT*, void*, uint>)
                &OnMessage),
        };
        var create = (delegate* unmanaged<Instance, DebugUtilsMessengerCreateInfoEXT*, void*, DebugUtilsMessengerEXT*, Result>)
            (nint)vk.GetInstanceProcAddr(instance, "vkCreateDebugUtilsMessengerEXT");
        DebugUtilsMessengerEXT messenger;
        create(instance, &info, null, &messenger);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static uint OnMessage(
        DebugUtilsMessageSeverityFlagsEXT severity, DebugUtilsMessageTypeFlagsEXT types, DebugUtilsMessengerCallbackDataEXT* data, void* user)
    {
        var message = Marshal.PtrToStringUTF8((nint)data->PMessage) ?? "";
        lock (Messages) Messages.Add(message);
        try
        {
            Report?.Invoke(message);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // Nobody reads them any more; and no exception may go through the driver.
        }

        return 0;
    }
}
