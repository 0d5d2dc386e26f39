using ArchGen.Cpu.Execution;
using ArchGen.Eager;
using ArchGen.Runtime.Backends;
using ArchGen.Vulkan.Execution;
using ArchGen.Vulkan.Tests;

namespace ArchGen.Runtime.Tests.Execution;

/// <summary>The backends that run the cases of every operation. A new one is added here, and gets all of them.</summary>
internal static class TestBackends
{
    /// <summary>A graphics device, by whatever name it has; where there is none its cases are skipped.</summary>
    public const string Device = "vulkan";

    private static readonly IBackend[] All = [new CpuBackend { Threads = 2 }, new EagerBackend()];

    /// <summary>Their names.</summary>
    public static IEnumerable<string> Names => [.. All.Select(backend => backend.Name), Device];

    /// <summary>A backend by its name.</summary>
    public static IBackend Named(string name) => name == Device ? OfDevice() : All.Single(backend => backend.Name == name);

    private static OffloadBackend OfDevice() =>
        new([new VulkanBackend(TestDevice.Get()) { Precision = DevicePrecision.Exact }], new CpuBackend { Threads = 2 }) { Layers = int.MaxValue };
}
