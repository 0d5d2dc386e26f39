using Silk.NET.Vulkan;

namespace ArchGen.Vulkan.Devices;

/// <summary>A shader that is compiled for a device on another thread.</summary>
/// <param name="compilation">The driver's work.</param>
internal sealed class DevicePipeline(Task<Pipeline> compilation)
{
    private Pipeline _handle;

    /// <summary>Whether the driver is done with it, or has failed.</summary>
    public bool IsDone => compilation.IsCompleted;

    /// <summary>Whether the driver has refused it.</summary>
    public bool HasFailed => compilation.IsFaulted;

    /// <summary>The compiled shader; waits for it.</summary>
    /// <exception cref="DeviceException">The driver refuses it.</exception>
    public Pipeline Handle => _handle.Handle != 0 ? _handle : _handle = compilation.GetAwaiter().GetResult();

    /// <summary>Waits until the driver is done with it, or has failed.</summary>
    /// <returns>Whether it is within the time.</returns>
    public bool Wait(TimeSpan longest) => Task.WaitAny([compilation], longest) == 0;
}
