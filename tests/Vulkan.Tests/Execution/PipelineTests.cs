using ArchGen.Vulkan.Devices;
using ArchGen.Vulkan.Execution;

namespace ArchGen.Vulkan.Tests.Execution;

/// <summary>Shaders are compiled together, with progress, and a refusal is an error of the context that needs them.</summary>
public sealed class PipelineTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Red if a shader is compiled only when another one is done.</summary>
    [Fact]
    public void Shaders_are_compiled_at_the_same_time()
    {
        using var run = new ModelRun("llama");
        using var two = new CountdownEvent(2);
        var met = true;
        var device = TestDevice.Get().With(new DeviceFakes
        {
            Rewrite = words =>
            {
                // The first two wait for each other.
                if (!two.IsSet) met &= (two.Signal() || two.Wait(Longest));
                return words;
            },
        });
        run.AssertClose(new VulkanBackend(device), [1]);
        Assert.True(met && two.IsSet);
    }

    /// <summary>Red if a long first start says nothing, or does not end with all.</summary>
    [Fact]
    public void Compiling_reports_its_progress()
    {
        using var run = new ModelRun("llama");
        using var reported = new ManualResetEventSlim();
        var device = TestDevice.Get().With(new DeviceFakes
        {
            Rewrite = words =>
            {
                reported.Wait(Longest);
                return words;
            },
        });
        var reports = new List<(int Done, int Total)>();
        var backend = new VulkanBackend(device)
        {
            CompilationQuiet = TimeSpan.Zero,
            Compilation = (done, total) =>
            {
                reports.Add((done, total));
                reported.Set();
            },
        };
        using (run.Open(backend, 16))
        {
            Assert.InRange(reports.Count, 2, int.MaxValue);
            Assert.Equal(0, reports[0].Done);
            Assert.Equal((reports[0].Total, reports[0].Total), reports[^1]);
            Assert.InRange(reports[0].Total, 5, device.Open().Pipelines.Count);
        }

        reports.Clear();
        using (run.Open(backend, 16)) Assert.Empty(reports);
    }

    /// <summary>Red if a refused shader is an error only when it first runs, keeps memory, or is refused for ever.</summary>
    [Fact]
    public void A_shader_that_is_refused_is_an_error_of_the_context()
    {
        using var run = new ModelRun("llama");
        var (compiled, refused) = (0, 3);
        var device = TestDevice.Get().With(new DeviceFakes
        {
            Rewrite = words => Interlocked.Increment(ref compiled) == refused ? throw new DeviceException("The driver refuses it.") : words,
        });
        var error = Assert.Throws<DeviceException>(() => run.Open(new VulkanBackend(device), 16));
        Assert.Equal("The driver refuses it.", error.Message);
        Assert.Equal(0, device.Open().MemoryInUse);
        run.AssertClose(new VulkanBackend(device));
    }
}
