using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Scheduling;

namespace ArchGen.Runtime.Tests.Scheduling;

/// <summary>Memory is counted before it is allocated.</summary>
public sealed class MemoryTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("archgen").FullName;

    [Fact]
    public void Bytes_of_cells_and_states_are_those_of_the_graph()
    {
        var attention = SchedulingGraphs.Named("attention");
        Assert.Equal((16, 32, 68), (SequenceBytes.OfCell(attention, CacheType.F16), SequenceBytes.OfCell(attention, CacheType.F32),
            SequenceBytes.OfCell(attention, CacheType.Q8_0)));
        Assert.Equal(0, SequenceBytes.OfStates(attention));
        var recurrent = SchedulingGraphs.Named("recurrent");
        Assert.Equal((0, ((3 * 8) + (2 * 4 * 6)) * 4), (SequenceBytes.OfCell(recurrent, CacheType.F16), SequenceBytes.OfStates(recurrent)));
    }

    [Fact]
    public void Sizes_stay_within_the_limit()
    {
        var graph = SchedulingGraphs.Named("hybrid");
        var large = EngineSizes.Choose(graph, 1000, new(), 9, 1L << 40);
        Assert.Equal((4000, 1000, 32), (large.Cells, large.SequenceLength, large.Checkpoints));
        foreach (var limit in (long[])[5_000, 20_000, 60_000, 200_000])
        {
            var sizes = EngineSizes.Choose(graph, 1000, new(), 9, limit);
            Assert.True(sizes.Bytes <= limit, $"{sizes.Bytes} bytes of {limit}");
            Assert.True(sizes.SequenceLength <= sizes.Cells && sizes.Cells >= 1);
            Assert.True(sizes.Checkpoints * SequenceBytes.OfStates(graph) <= limit / 4);
        }

        Assert.Equal((100, 100), EngineSizes.Choose(graph, null, new() { Cells = 100 }, 9, 1 << 20) is var s ? (s.Cells, s.SequenceLength) : default);
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_both_numbers()
    {
        var graph = SchedulingGraphs.Named("attention");
        foreach (var options in (EngineOptions[])[new() { Cells = 1 << 28 }, new() { SequenceLength = 1 << 28 }, new() { MemoryBytes = 10 }])
        {
            var error = Assert.Throws<DeviceException>(() => EngineSizes.Choose(graph, null, options, 9, 1L << 30));
            Assert.Contains("may be used", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Free_memory_is_the_least_of_the_machine_and_its_control_groups()
    {
        Assert.True(MemoryBudget.FreeBytes() > 0);
        Write("proc/meminfo", "MemTotal: 16000000 kB\nMemAvailable:    8000000 kB\n");
        Assert.Equal(8_000_000L * 1024, MemoryBudget.FreeBytes(_root));
        Write("proc/self/cgroup", "0::/pod/container\n");
        Write("sys/fs/cgroup/pod/container/memory.max", "max\n");
        Write("sys/fs/cgroup/pod/container/memory.current", "100\n");
        Assert.Equal(8_000_000L * 1024, MemoryBudget.FreeBytes(_root));
        Write("sys/fs/cgroup/pod/memory.max", "5000000\n");
        Write("sys/fs/cgroup/pod/memory.current", "3000000\n");
        Write("sys/fs/cgroup/pod/memory.stat", "active_file 5\ninactive_file 500000\n");
        Assert.Equal(2_500_000, MemoryBudget.FreeBytes(_root));
        Write("sys/fs/cgroup/memory/memory.limit_in_bytes", "4000000\n");
        Write("sys/fs/cgroup/memory/memory.usage_in_bytes", "3900000\n");
        Assert.Equal(100_000, MemoryBudget.FreeBytes(_root));
        Write("sys/fs/cgroup/memory/memory.usage_in_bytes", "4900000\n");
        Assert.Equal(0, MemoryBudget.FreeBytes(_root));
        Write("sys/fs/cgroup/memory/memory.usage_in_bytes", "nonsense\n");
        Assert.Equal(2_500_000, MemoryBudget.FreeBytes(_root));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Write(string file, string text)
    {
        var path = Path.Combine(_root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
