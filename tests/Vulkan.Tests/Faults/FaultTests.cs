using ArchGen.Architectures;
using ArchGen.Fixtures;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Vulkan.Devices;
using ArchGen.Vulkan.Execution;
using ArchGen.Vulkan.Tests.Execution;

namespace ArchGen.Vulkan.Tests.Faults;

/// <summary>Devices that lack something, refuse memory or are lost: a message, no memory kept, and the next context works.</summary>
public sealed class FaultTests
{
    private const int Refusals = 16;

    /// <summary>Red if a device is opened without what shaders need, or the message does not say what that is.</summary>
    [Fact]
    public void A_device_that_lacks_a_feature_is_refused()
    {
        var device = TestDevice.Get().With(new DeviceFakes { Missing = ["shaderInt64", "timelineSemaphore"] });
        Assert.False(device.IsUsable);
        Assert.Equal($"{device.Name} cannot be used: it lacks shaderInt64, timelineSemaphore. Update its driver, or choose another device.", device.Problem);
        using var run = new ModelRun("llama");
        Assert.Equal(device.Problem, Assert.Throws<DeviceException>(() => run.Results(new VulkanBackend(device))).Message);
    }

    /// <summary>Red if memory that was allocated before the refusal is kept, wherever that happens, or anything else than a message comes of it.</summary>
    [Theory]
    [InlineData("llama")]
    [InlineData("t5")]
    [InlineData("qwen3next")]
    public void Memory_that_is_refused_ends_in_a_message(string recipe)
    {
        using var run = new ModelRun(recipe);
        // Each range is an allocation, so that the refusals come at as many places.
        var device = TestDevice.Get().With(new DeviceFakes { HasSeparateRanges = true });
        var (backend, opened) = (new VulkanBackend(device), device.Open());
        var expected = run.Results(backend);
        var most = MostMemory(run, device, backend);
        for (var i = 0; i < Refusals; i++)
        {
            device.Fakes.MemoryBytes = most * i / Refusals;
            var error = Assert.Throws<DeviceException>(() => run.Results(backend));
            Assert.StartsWith($"{device.Name}: the device refuses ", error.Message, StringComparison.Ordinal);
            Assert.Contains("-ngl", error.Message, StringComparison.Ordinal);
            Assert.Equal(0, opened.MemoryInUse);
        }

        device.Fakes.MemoryBytes = long.MaxValue;
        Assert.Equal(expected, run.Results(backend));
        Assert.Equal(0, opened.MemoryInUse);
        Assert.Same(opened, device.Open());
    }

    /// <summary>Red if a device that nobody asked for ends the command, or its failure is not told.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_processor_computes_where_a_device_that_nobody_named_fails(bool isOptional)
    {
        var fixture = ArchitectureFixture.Load("llama");
        using var model = new LoadedModel(fixture.Recipe.ToGguf(), Catalog.All);
        var lines = new List<string>();
        var device = TestDevice.Get().With(new DeviceFakes { MemoryBytes = 0 });
        var options = new ContextOptions
        {
            Backend = new OffloadBackend([new VulkanBackend(device)], ModelRun.Cpu) { Layers = int.MaxValue, IsOptional = isOptional, Report = lines.Add },
            ContextLength = 8,
        };
        if (!isOptional)
        {
            Assert.Throws<DeviceException>(() => model.CreateContext(options));
            return;
        }

        using var context = model.CreateContext(options);
        Assert.EndsWith("The processor computes instead.", lines[^1], StringComparison.Ordinal);
        var batch = new Batch();
        batch.Add(1, 0, 0, wantOutput: true);
        context.Evaluate(batch);
        Assert.NotEmpty(context.Output(0).ToArray());
    }

    /// <summary>Red if a loss is not told, its context cannot be disposed or keeps memory, or the next one does not get a new device.</summary>
    [Theory]
    [InlineData("llama")]
    [InlineData("t5")]
    [InlineData("mamba2")]
    public void A_lost_device_is_opened_again(string recipe)
    {
        using var run = new ModelRun(recipe);
        var (submissions, lost) = (0, int.MaxValue);
        var device = TestDevice.Get().With(new DeviceFakes { IsLost = () => submissions++ >= lost });
        var backend = new VulkanBackend(device);
        var expected = run.Results(backend);
        var (count, losses) = (submissions, 0);
        // Each fourth submission: every device is opened anew.
        for (lost = 0; lost < count; lost += Math.Max(1, count / 4))
        {
            submissions = 0;
            var opened = device.Open();
            var error = Assert.Throws<DeviceException>(() => run.Results(backend));
            Assert.StartsWith($"{device.Name}: the device was lost in vkQueueSubmit", error.Message, StringComparison.Ordinal);
            Assert.Equal((true, true, 0), (opened.IsLost, opened.IsDisposed, opened.MemoryInUse));
            Assert.NotSame(opened, device.Open());
            losses++;
        }

        lost = int.MaxValue;
        Assert.True(losses >= 2, $"{count} submissions");
        Assert.Equal(expected, run.Results(backend));
        Assert.Equal(0, device.Open().MemoryInUse);
    }

    /// <summary>Red if a lost device is destroyed while a context still has memory of it, or kept when none has, or a healthy one is not kept.</summary>
    [Fact]
    public void A_lost_device_goes_with_its_last_user()
    {
        using var run = new ModelRun("llama");
        var isLost = false;
        var device = TestDevice.Get().With(new DeviceFakes { IsLost = () => isLost });
        run.Results(new VulkanBackend(device));
        var opened = device.Open();
        Assert.Equal((0, false), (opened.Users, opened.IsDisposed));
        using (var other = run.Open(new VulkanBackend(device), 8))
        {
            isLost = true;
            Assert.Throws<DeviceException>(() => run.Results(new VulkanBackend(device)));
            Assert.Equal((1, false), (opened.Users, opened.IsDisposed));
        }

        Assert.Equal((0, true, 0), (opened.Users, opened.IsDisposed, opened.MemoryInUse));
    }

    // It does not work with less.
    private static long MostMemory(ModelRun run, VulkanDevice device, VulkanBackend backend)
    {
        long most = 0;
        var watched = backend with { Compiled = part => most = Math.Max(most, part.Session.Device.MemoryInUse) };
        run.Results(watched);
        return device.Open().MemoryInUse == 0 ? most : throw new InvalidOperationException("Memory is kept.");
    }
}
