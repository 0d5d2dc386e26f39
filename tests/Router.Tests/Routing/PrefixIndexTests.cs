using ArchGen.Samples.Router.Routing;

namespace ArchGen.Samples.Router.Tests.Routing;

public sealed class PrefixIndexTests
{
    [Fact]
    public void A_prefix_is_matched_as_far_as_it_is_there()
    {
        var index = new PrefixIndex(10);
        index.Add([1, 2, 3]);
        Assert.Equal(3, index.Match([1, 2, 3, 4], out var use));
        Assert.Equal(1, use);
        Assert.Equal(1, index.Match([1, 5, 3], out _));
        Assert.Equal(0, index.Match([7], out use));
        Assert.Equal(0, use);
    }

    [Fact]
    public void The_oldest_are_dropped_and_the_end_before_the_beginning()
    {
        var index = new PrefixIndex(5);
        index.Add([1, 2, 3]);
        index.Add([10, 11]);
        index.Add([20]);
        Assert.Equal((5, 2, 2, 1), (index.Count, index.Match([1, 2, 3], out _), index.Match([10, 11], out _), index.Match([20], out _)));
        index.Add([1]);
        index.Add([30, 31]);
        Assert.Equal((5, 1, 1, 1, 2), (
            index.Count, index.Match([1, 2], out _), index.Match([10, 11], out _), index.Match([20], out _), index.Match([30, 31], out _)));
    }

    [Fact]
    public void A_prompt_that_is_too_long_keeps_its_beginning()
    {
        var index = new PrefixIndex(2);
        index.Add([1, 2, 3, 4]);
        Assert.Equal((2, 2), (index.Count, index.Match([1, 2, 3, 4], out _)));
    }

    [Fact]
    public void What_is_as_old_as_something_lost_is_dropped()
    {
        var index = new PrefixIndex(10);
        index.Add([1, 2]);
        index.Add([10, 11]);
        index.Match([10, 11], out var use);
        index.Add([20, 21]);
        index.DropUntil(use);
        Assert.Equal((2, 0, 0, 2), (index.Count, index.Match([1, 2], out _), index.Match([10, 11], out _), index.Match([20, 21], out _)));
        index.Clear();
        Assert.Equal((0, 0), (index.Count, index.Match([20, 21], out _)));
    }

    /// <summary>The same as a list that is searched and moved, over random operations.</summary>
    [Fact]
    public void It_is_a_list_ordered_by_use()
    {
        var random = new Random(1);
        var index = new PrefixIndex(12);
        List<ulong> list = [];
        for (var i = 0; i < 2000; i++)
        {
            var root = (ulong)random.Next(4) * 100;
            ulong[] chain = [.. Enumerable.Range(0, random.Next(1, 8)).Select(n => root + (ulong)n)];
            Assert.Equal(chain.TakeWhile(list.Contains).Count(), index.Match(chain, out _));
            index.Add(chain);
            foreach (var hash in chain.Reverse())
            {
                list.Remove(hash);
                list.Add(hash);
            }

            while (list.Count > 12) list.RemoveAt(0);
            Assert.Equal(list.Count, index.Count);
        }
    }
}
