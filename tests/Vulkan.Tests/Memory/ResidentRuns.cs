using System.Globalization;
using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Vulkan.Devices;

namespace ArchGen.Vulkan.Tests.Memory;

/// <summary>What <see cref="ImportTests"/> runs in a process whose memory nothing else changes. Nothing else runs it.</summary>
public sealed class ResidentRuns
{
    private const long WeightBytes = 64L << 20;

    /// <summary>Red if a device that imports weights has a copy of them, or if a copy would not be seen.</summary>
    [Fact(Explicit = true)]
    public void Only_copies_take_memory()
    {
        using var folder = new TemporaryFolder();
        var writer = new GgufWriter(new GgufMetadata("weights"));
        var block = new byte[1 << 20];
        new Random(1).NextBytes(block);
        writer.Add("w", TensorType.F32, [WeightBytes / sizeof(float)], stream =>
        {
            for (long done = 0; done < WeightBytes; done += block.Length) stream.Write(block);
        });
        var path = folder.File("weights.gguf");
        using (var stream = File.Create(path)) writer.WriteTo(stream);
        Assert.InRange(Growth(path, refuses: false), long.MinValue, WeightBytes / 4);
        Assert.InRange(Growth(path, refuses: true), WeightBytes * 3 / 4, long.MaxValue);
    }

    // Memory that no file on the disk holds: the process's own, and what software devices give out.
    private static long Growth(string path, bool refuses)
    {
        using var file = GgufFile.Open(path);
        var device = TestDevice.Get().With(new DeviceFakes { RefusesImports = refuses }).Open();
        using var queue = new CommandQueue(device);
        using var weights = new DeviceWeights(device, file);
        var before = Resident();
        var range = weights.Stored(file.Tensors[0], 0);
        // The device reads all of it.
        for (long offset = 0; offset < range.Bytes; offset += 1 << 20)
            Assert.NotEmpty(DeviceBytes.Read(queue, device, new MemoryRange(range.Block, range.Offset + offset, 1 << 20)));
        return Resident() - before;
    }

    private static long Resident()
    {
        string[] kinds = ["RssAnon:", "RssShmem:"];
        return File.ReadLines("/proc/self/status").Select(line => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            .Where(words => kinds.Contains(words[0])).Sum(words => 1024 * long.Parse(words[1], CultureInfo.InvariantCulture));
    }
}
