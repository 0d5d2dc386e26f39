using ArchGen.Cpu.Execution;
using ArchGen.Eager;
using ArchGen.Runtime.Backends;
using ArchGen.Vulkan.Devices;
using ArchGen.Vulkan.Execution;

namespace ArchGen.Runtime.Tests.Execution;

/// <summary>The backends that run the cases of every operation. A new one is added here, and gets all of them.</summary>
internal static class TestBackends
{
    /// <summary>A graphics device, by whatever name it has; where there is none its cases are skipped.</summary>
    public const string Device = "vulkan";

    /// <summary>Set to 1, this variable of the environment makes a test that finds no device fail: the machines of CI have one.</summary>
    private const string RequiredVariable = "ARCHGEN_TEST_DEVICE_REQUIRED";

    private static readonly IBackend[] All = [new CpuBackend { Threads = 2 }, new EagerBackend()];

    /// <summary>Their names.</summary>
    public static IEnumerable<string> Names => [.. All.Select(backend => backend.Name), Device];

    /// <summary>A backend by its name.</summary>
    public static IBackend Named(string name) => name == Device ? OfDevice() : All.Single(backend => backend.Name == name);

    private static OffloadBackend OfDevice()
    {
        var device = VulkanDevice.All.FirstOrDefault(d => d.IsUsable);
        if (device is not null)
        {
            var exact = new VulkanBackend(device) { Precision = DevicePrecision.Exact };
            return new OffloadBackend([exact], new CpuBackend { Threads = 2 }) { Layers = int.MaxValue };
        }

        const string Reason = "There is no Vulkan device here that the backend can use.";
        if (Environment.GetEnvironmentVariable(RequiredVariable) == "1") Assert.Fail(Reason);
        Assert.Skip(Reason);
        throw new InvalidOperationException(Reason);
    }
}
