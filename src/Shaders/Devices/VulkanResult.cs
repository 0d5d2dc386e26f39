using Silk.NET.Vulkan;

namespace ArchGen.Vulkan.Devices;

/// <summary>Turns results of Vulkan's functions into errors.</summary>
internal static class VulkanResult
{
    /// <summary>Throws unless a function succeeded.</summary>
    /// <param name="result">What it returned.</param>
    /// <param name="function">Its name.</param>
    /// <param name="device">The device's name, for the message.</param>
    /// <exception cref="DeviceException">It failed.</exception>
    public static void Check(this Result result, string function, string device)
    {
        if (result >= 0) return;
        throw new DeviceException(result switch
        {
            Result.ErrorDeviceLost => $"{device}: the device was lost in {function}; the driver has reset it, or a step took longer than the system allows. "
                + "Open a new context; if it happens again, choose smaller micro-batches or the CPU (--device none).",
            Result.ErrorOutOfDeviceMemory => $"{device}: there is not enough memory on the device ({function}). "
                + "Place fewer layers on it (-ngl), choose a smaller context, or the CPU (--device none).",
            Result.ErrorOutOfHostMemory => $"{device}: there is not enough memory on this machine ({function}).",
            _ => $"{device}: {function} failed with {result}. Update the graphics driver, or choose the CPU (--device none).",
        });
    }
}
