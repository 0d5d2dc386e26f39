using ArchGen.Graphs;
using ArchGen.Runtime.Backends;
using ArchGen.Vulkan.Devices;

namespace ArchGen.Vulkan.Execution;

/// <summary>A graphics device by Vulkan: compute shaders for the operations, weights in the device's memory.</summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
/// <param name="Device">The device.</param>
public sealed record VulkanBackend(VulkanDevice Device) : IBackend
{
    /// <inheritdoc/>
    public string Name => Device.Id;

    /// <summary>
    /// Told how many of a model's shaders the driver has compiled, and how many there are, while a context is opened and that takes longer than a second; null
    /// unless somebody wants it.
    /// </summary>
    public Action<int, int>? Compilation { get; init; }

    /// <summary>How long compiling takes before it is reported. Defaults to a second.</summary>
    internal TimeSpan CompilationQuiet { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The precision of matrix products. Defaults to the fastest.</summary>
    public DevicePrecision Precision { get; init; } = DevicePrecision.Fastest;

    /// <summary>How steps between two barriers are ordered. Any order gives the same numbers; tests try others than the plan's.</summary>
    internal StepOrder Order { get; init; }

    /// <summary>The limits that the shaders are held to. Defaults to the device's; tests set lower ones.</summary>
    internal DeviceLimits? Limits { get; init; }

    long? IBackend.FreeBytes => Device.FreeBytes;

    bool IBackend.IsUnified => Device.IsUnified;

    /// <summary>How matrix products are cut within the limits. Defaults to what suits the device; tests try others.</summary>
    internal Func<DeviceLimits, ProductShapes>? Products { get; init; }

    /// <summary>Told each part of a plan that has been compiled; null unless a test wants to know. It may change the steps.</summary>
    internal Action<CompiledPart>? Compiled { get; init; }

    bool IBackend.Supports(Node node) => StepCompiler.Supports(node);

    IBackendSession IBackend.Open(SessionOptions options) => new VulkanSession(this, options);
}

/// <summary>How steps between two barriers are ordered.</summary>
internal enum StepOrder
{
    /// <summary>As in the plan.</summary>
    Plan,

    /// <summary>The last first.</summary>
    Reversed,

    /// <summary>At random, by a fixed seed.</summary>
    Shuffled,
}

/// <summary>The limits of a device that decide how work is cut.</summary>
/// <param name="Groups">Workgroups of a dispatch, in each dimension.</param>
/// <param name="SharedBytes">Bytes of shared memory of a workgroup.</param>
/// <param name="Invocations">Invocations of a workgroup.</param>
internal sealed record DeviceLimits(uint Groups, uint SharedBytes, uint Invocations)
{
    /// <summary>The limits of a device.</summary>
    public static unsafe DeviceLimits Of(VulkanDevice device)
    {
        var limits = device.Properties.Limits;
        var groups = Math.Min(limits.MaxComputeWorkGroupCount[0], Math.Min(limits.MaxComputeWorkGroupCount[1], limits.MaxComputeWorkGroupCount[2]));
        return new DeviceLimits(groups, limits.MaxComputeSharedMemorySize, limits.MaxComputeWorkGroupInvocations);
    }
}
