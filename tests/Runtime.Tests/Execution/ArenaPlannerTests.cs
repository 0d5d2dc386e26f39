using ArchGen.Runtime.Planning;

namespace ArchGen.Runtime.Tests.Execution;

public sealed class ArenaPlannerTests
{
    [Fact]
    public void No_two_live_buffers_overlap()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var buffers = Enumerable.Range(0, random.Next(1, 60)).Select(_ =>
            {
                var first = random.Next(40);
                return new Lifetime(random.Next(1, 5000), first, first + random.Next(12));
            }).ToArray();

            var (offsets, bytes) = ArenaPlanner.Place(buffers);

            for (var i = 0; i < buffers.Length; i++)
            {
                Assert.Equal(0, offsets[i] % ArenaPlanner.Alignment);
                Assert.InRange(offsets[i] + buffers[i].Bytes, 0, bytes);
                for (var j = 0; j < i; j++)
                {
                    var apart = offsets[i] + buffers[i].Bytes <= offsets[j] || offsets[j] + buffers[j].Bytes <= offsets[i];
                    Assert.True(apart || !buffers[i].Overlaps(buffers[j]), $"seed {seed}: buffers {i} and {j}");
                }
            }
        }
    }

    /// <summary>Red if a buffer is in two blocks that fits one, or one that does not is not at the beginning of a block.</summary>
    [Fact]
    public void No_buffer_is_in_two_blocks()
    {
        const long BlockBytes = 64 * ArenaPlanner.Alignment;
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var buffers = Enumerable.Range(0, random.Next(1, 60)).Select(_ => new Lifetime(random.Next(1, (int)BlockBytes + 100), 0, random.Next(2))).ToArray();
            var (offsets, bytes) = ArenaPlanner.Place(buffers, BlockBytes);
            for (var i = 0; i < buffers.Length; i++)
            {
                var place = offsets[i] % BlockBytes;
                Assert.True(place == 0 || place + buffers[i].Bytes <= BlockBytes, $"seed {seed}: buffer {i}");
                Assert.InRange(offsets[i] + buffers[i].Bytes, 0, bytes);
                for (var j = 0; j < i; j++)
                {
                    var apart = offsets[i] + buffers[i].Bytes <= offsets[j] || offsets[j] + buffers[j].Bytes <= offsets[i];
                    Assert.True(apart || !buffers[i].Overlaps(buffers[j]), $"seed {seed}: buffers {i} and {j}");
                }
            }
        }
    }

    [Fact]
    public void Memory_is_used_again()
    {
        var chain = Enumerable.Range(0, 50).Select(i => new Lifetime(1000, i, i + 1)).ToArray();
        Assert.Equal(2 * 1024, ArenaPlanner.Place(chain).Bytes);
    }
}
