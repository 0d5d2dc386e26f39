using ArchGen.Runtime.Execution;
using ArchGen.Vulkan.Devices;
using ArchGen.Vulkan.Execution;

namespace ArchGen.Vulkan.Tests.Execution;

/// <summary>Where barriers are needed.</summary>
public sealed class HazardTests
{
    [Fact]
    public void A_barrier_lies_between_a_step_and_one_that_reads_what_it_wrote() =>
        Assert.Equal([1, 1], Groups(Step([], [(0, 8)]), Step([(4, 12)], [(20, 24)])));

    [Fact]
    public void A_barrier_lies_between_a_step_and_one_that_overwrites_what_it_read() =>
        Assert.Equal([1, 1], Groups(Step([(0, 8)], [(20, 24)]), Step([(40, 44)], [(4, 12)])));

    [Fact]
    public void A_barrier_lies_between_two_that_write_the_same() =>
        Assert.Equal([1, 1], Groups(Step([], [(0, 8)]), Step([], [(7, 9)])));

    [Fact]
    public void Steps_that_only_read_the_same_need_none() =>
        Assert.Equal([3, 1], Groups(
            Step([(0, 8)], [(10, 12)]), Step([(0, 8)], [(12, 14)]), Step([(0, 8)], [(14, 16)]), Step([(10, 16)], [(20, 22)])));

    [Fact]
    public void Ranges_that_touch_do_not_overlap() => Assert.Equal([2], Groups(Step([], [(0, 8)]), Step([(8, 16)], [(16, 20)])));

    private static int[] Groups(params DeviceStep[] steps) => [.. Hazards.Groups(steps).Select(group => group.Length)];

    private static NoStep Step((int Start, int End)[] reads, (int Start, int End)[] writes) => new() { Reads = Ranges(reads), Writes = Ranges(writes) };

    private static AddressRange[] Ranges((int Start, int End)[] ranges) => Array.ConvertAll(ranges, r => new AddressRange((ulong)r.Start, (ulong)r.End));

    private sealed class NoStep : DeviceStep
    {
        public override void Record(CommandQueue queue, Frame frame)
        {
        }
    }
}
