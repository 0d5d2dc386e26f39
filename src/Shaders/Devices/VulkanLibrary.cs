using System.Runtime.InteropServices;
using Silk.NET.Core.Contexts;

namespace ArchGen.Vulkan.Devices;

/// <summary>
/// The system's Vulkan loader, whose exports are the functions of the core. Silk.NET's own way to find libraries is not used: it does not fit Native AOT.
/// </summary>
/// <param name="handle">The library.</param>
internal sealed class VulkanLibrary(nint handle) : INativeContext
{
    /// <summary>Opens the loader; null where there is none.</summary>
    public static VulkanLibrary? TryOpen()
    {
        string[] names = OperatingSystem.IsWindows() ? ["vulkan-1.dll"]
            : OperatingSystem.IsMacOS() ? ["libvulkan.1.dylib", "libMoltenVK.dylib"]
            : ["libvulkan.so.1", "libvulkan.so"];
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, out var handle)) return new VulkanLibrary(handle);
        }

        return null;
    }

    public nint GetProcAddress(string proc, int? slot = null) => NativeLibrary.GetExport(handle, proc);

    public bool TryGetProcAddress(string proc, out nint addr, int? slot = null) => NativeLibrary.TryGetExport(handle, proc, out addr);

    public void Dispose() => NativeLibrary.Free(handle);
}
