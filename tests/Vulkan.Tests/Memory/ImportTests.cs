using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Vulkan.Devices;
using ArchGen.Vulkan.Execution;
using ArchGen.Vulkan.Tests.Execution;

namespace ArchGen.Vulkan.Tests.Memory;

/// <summary>Devices that share the processor's memory read weights where the file is mapped; others get a copy. Both have the file's bytes.</summary>
public sealed class ImportTests
{
    private const int Tensors = 12;

    /// <summary>Red if a tensor is read from a wrong place, or a copy is made although none is needed.</summary>
    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(16 << 10)]
    public void A_mapped_file_is_read_where_it_is(long blockBytes)
    {
        using var folder = new TemporaryFolder();
        using var file = Open(folder, alignment: 32);
        var device = TestDevice.Get().With(new DeviceFakes { BlockBytes = blockBytes }).Open();
        if (device.HostMemory.Alignment == 0) TestDevice.Lacking($"{device.Name} does not read the process's memory.");
        using var weights = new DeviceWeights(device, file);
        AssertSame(device, weights, file);
        Assert.Equal((0, 0), (weights.Bytes, device.MemoryInUse));
        Assert.InRange(weights.ImportedBytes, file.Tensors.Sum(t => t.ByteLength), long.MaxValue);
    }

    /// <summary>Red if a refusal is an error, or the copies have other bytes.</summary>
    [Fact]
    public void A_device_that_refuses_gets_copies()
    {
        using var folder = new TemporaryFolder();
        using var file = Open(folder, alignment: 32);
        var device = TestDevice.Get().With(new DeviceFakes { RefusesImports = true }).Open();
        using var weights = new DeviceWeights(device, file);
        AssertSame(device, weights, file);
        Assert.Equal(0, weights.ImportedBytes);
        Assert.InRange(device.MemoryInUse, file.Tensors.Sum(t => t.ByteLength), long.MaxValue);
    }

    /// <summary>Red if a driver that takes the memory and loses the device when it is read ends more than the trial.</summary>
    [Fact]
    public void A_device_that_is_lost_by_reading_gets_copies()
    {
        using var folder = new TemporaryFolder();
        using var file = Open(folder, alignment: 32);
        var submissions = 0;
        var device = TestDevice.Get().With(new DeviceFakes { IsLost = () => submissions++ == 0 }).Open();
        if (device.HostMemory.Alignment == 0) TestDevice.Lacking($"{device.Name} does not read the process's memory.");
        using var weights = new DeviceWeights(device, file);
        AssertSame(device, weights, file);
        Assert.Equal((0, false), (weights.ImportedBytes, device.IsLost));
    }

    /// <summary>Red if a tensor whose address shaders cannot count on is read in place.</summary>
    [Fact]
    public void A_tensor_that_is_not_aligned_is_copied()
    {
        using var folder = new TemporaryFolder();
        using var file = Open(folder, alignment: 8);
        var device = TestDevice.Get().With(new DeviceFakes()).Open();
        using var weights = new DeviceWeights(device, file);
        AssertSame(device, weights, file);
        Assert.NotEqual(0, weights.Bytes);
        foreach (var tensor in file.Tensors) Assert.Equal(0ul, weights.Stored(tensor, 0).Address % 32);
    }

    /// <summary>Red if numbers depend on where weights are.</summary>
    [Theory]
    [InlineData("llama")]
    [InlineData("qwen2moe")]
    [InlineData("mamba2")]
    [InlineData("t5")]
    [InlineData("gpt-oss")]
    public void Results_are_the_same_with_copies(string recipe)
    {
        using var run = new ModelRun(recipe);
        var copies = TestDevice.Get().With(new DeviceFakes { RefusesImports = true });
        Assert.Equal(run.Results(new VulkanBackend(TestDevice.Get())), run.Results(new VulkanBackend(copies)));
    }

    /// <summary>Red if the weights are in memory twice.</summary>
    [Fact]
    public void Weights_are_in_memory_once()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("The figures are those of Linux.");
        if (TestDevice.Get().Open().HostMemory.Alignment == 0) TestDevice.Lacking($"{TestDevice.Get().Name} does not read the process's memory.");
        TestProcess.Run(new Dictionary<string, string>(), "-explicit", "only", "-method", $"{typeof(ResidentRuns).FullName}.*").AssertPassed(1);
    }

    private static void AssertSame(LogicalDevice device, DeviceWeights weights, GgufFile file)
    {
        using var queue = new CommandQueue(device);
        // Not in the order of the file.
        foreach (var tensor in file.Tensors.Reverse()) Assert.Equal(tensor.Span.ToArray(), DeviceBytes.Read(queue, device, weights.Stored(tensor, 0)));
    }

    private static GgufFile Open(TemporaryFolder folder, int alignment)
    {
        var metadata = new GgufMetadata("weights");
        metadata["general.alignment"] = GgufValue.From((uint)alignment);
        var random = new Random(1);
        var writer = new GgufWriter(metadata);
        for (var i = 0; i < Tensors; i++)
        {
            // Of one element, of many pages, and between.
            var bytes = new byte[sizeof(float) * random.Next(1, 2 << i)];
            random.NextBytes(bytes);
            writer.Add($"w{i}", TensorType.F32, [bytes.Length / sizeof(float)], bytes);
        }

        var path = folder.File("weights.gguf");
        using (var stream = File.Create(path)) writer.WriteTo(stream);
        return GgufFile.Open(path);
    }
}
