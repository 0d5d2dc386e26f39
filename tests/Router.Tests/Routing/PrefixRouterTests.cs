using ArchGen.Samples.Router.Routing;

namespace ArchGen.Samples.Router.Tests.Routing;

public sealed class PrefixRouterTests
{
    private static readonly string[] Three = ["a", "b", "c"];

    [Fact]
    public void A_conversation_stays_where_it_began()
    {
        var router = new PrefixRouter(new RoutingOptions());
        var homes = new string[9];
        for (var turn = 1; turn <= 5; turn++)
        {
            for (var conversation = 0; conversation < homes.Length; conversation++)
            {
                using var assignment = router.Begin(Chain(conversation, 4 * turn), Three);
                if (turn == 1) homes[conversation] = assignment.Replica;
                Assert.Equal((homes[conversation], 4 * (turn - 1), 4 * turn), (assignment.Replica, assignment.Hit, assignment.Blocks));
                Assert.Equal(turn == 1 ? AssignmentReason.LeastLoad : AssignmentReason.Prefix, assignment.Reason);
            }
        }

        Assert.All(Three, name => Assert.Equal(3, homes.Count(home => home == name)));
    }

    [Fact]
    public void A_beginning_that_all_share_draws_nobody()
    {
        var router = new PrefixRouter(new RoutingOptions { MinHit = 0.5 });
        List<string> homes = [];
        for (var i = 0; i < 6; i++)
        {
            using var assignment = router.Begin([1, 2, 3, .. Chain(i, 5)], Three);
            homes.Add(assignment.Replica);
        }

        Assert.All(Three, name => Assert.Equal(2, homes.Count(home => home == name)));
    }

    [Fact]
    public void A_replica_with_too_much_to_do_is_passed_over()
    {
        var router = new PrefixRouter(new RoutingOptions { MaxImbalance = 20 });
        router.Begin(Chain(1, 100), ["a"]).Dispose();
        using var other = router.Begin(Chain(2, 30), ["a"]);
        using var assignment = router.Begin(Chain(1, 100), Three);
        Assert.Equal(("b", AssignmentReason.Imbalance), (assignment.Replica, assignment.Reason));
    }

    [Fact]
    public void Saved_blocks_are_weighed_against_queued_ones()
    {
        var router = new PrefixRouter(new RoutingOptions { AnswerBlocks = 0, MinHit = 0 });
        router.Begin(Chain(1, 10), ["a"]).Dispose();
        router.Begin(Chain(1, 4), ["b"]).Dispose();
        using var five = router.Begin(Chain(2, 5), ["a"]);
        Assert.Equal("a", Next());
        using var two = router.Begin(Chain(3, 2), ["a"]);
        Assert.Equal("b", Next());
        two.Dispose();
        Assert.Equal("a", Next());

        // What is asked for here is not remembered: a has ten blocks of it, b four.
        string Next()
        {
            using var assignment = router.Begin(Chain(1, 10), ["a", "b"]);
            if (assignment.Replica == "b")
            {
                router.Forget("b");
                router.Begin(Chain(1, 4), ["b"]).Dispose();
            }

            return assignment.Replica;
        }
    }

    [Fact]
    public void A_replica_that_would_have_to_drop_others_is_worth_less()
    {
        var router = new PrefixRouter(new RoutingOptions { MaxBlocks = 10, MinHit = 0 });
        router.Begin(Chain(1, 2), ["a"]).Dispose();
        router.Begin(Chain(2, 8), ["a"]).Dispose();
        using var assignment = router.Begin(Chain(1, 6), ["a", "b"]);
        Assert.Equal("b", assignment.Replica);
    }

    [Fact]
    public void A_replica_that_lost_a_prompt_has_lost_what_is_older()
    {
        var router = new PrefixRouter(new RoutingOptions());
        router.Begin(Chain(1, 10), ["a"]).Dispose();
        router.Begin(Chain(2, 10), ["a"]).Dispose();
        router.Begin(Chain(3, 10), ["a"]).Dispose();
        using (var assignment = router.Begin(Chain(2, 12), ["a"]))
        {
            Assert.Equal(10, assignment.Hit);
            assignment.Report(cachedTokens: 0, promptTokens: 700);
        }

        Assert.Equal((0, 12, 10), (Hit(1), Hit(2), Hit(3)));
        var state = router.Replicas.Single();
        Assert.Equal((700, 0), (state.PromptTokens, state.CachedTokens));

        int Hit(int conversation)
        {
            using var assignment = router.Begin(Chain(conversation, 20), ["a"]);
            return assignment.Hit;
        }
    }

    [Theory]
    [InlineData(600, 700)]
    [InlineData(300, 700)]
    [InlineData(5, null)]
    public void A_replica_that_has_about_what_was_expected_is_believed(int cached, int? prompt)
    {
        var router = new PrefixRouter(new RoutingOptions());
        router.Begin(Chain(1, 10), ["a"]).Dispose();
        using (var assignment = router.Begin(Chain(1, 12), ["a"])) assignment.Report(cached, prompt);
        Assert.Equal(12, router.Replicas.Single().KnownBlocks);
    }

    /// <summary>An answer is longer than all before it: the next turn stays where it is, since the answer is there, too.</summary>
    [Fact]
    public void An_answer_is_part_of_what_a_replica_has()
    {
        var router = new PrefixRouter(new RoutingOptions());
        router.Begin(Chain(9, 100), ["c"]).Dispose();
        using (var first = router.Begin(Chain(1, 3), Three))
        {
            Assert.Equal("a", first.Replica);
            first.Report(cachedTokens: 0, promptTokens: 192, answerTokens: 640);
        }

        using var second = router.Begin(Chain(1, 14), Three);
        Assert.Equal(("a", 13, AssignmentReason.Prefix), (second.Replica, second.Hit, second.Reason));
    }

    [Fact]
    public void What_failed_has_nothing()
    {
        var router = new PrefixRouter(new RoutingOptions());
        router.Begin(Chain(1, 10), ["a"]).Dispose();
        router.Forget("a");
        using var assignment = router.Begin(Chain(1, 10), ["a"]);
        Assert.Equal(0, assignment.Hit);
    }

    [Fact]
    public async Task Loads_return_to_nothing()
    {
        var router = new PrefixRouter(new RoutingOptions { MaxBlocks = 50 });
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            for (var i = 0; i < 500; i++)
            {
                using var assignment = router.Begin(Chain(i % 20, 1 + (i % 7)), Three);
                assignment.Report(i % 3 == 0 ? 0 : 100, 100);
                if (i % 100 == 0) router.Forget(Three[worker % 3]);
                assignment.Dispose();
            }
        })));
        Assert.All(router.Replicas, replica => Assert.Equal((0, 0L), (replica.Requests, replica.QueuedBlocks)));
        Assert.Equal(4000, router.Replicas.Sum(replica => replica.SentRequests));
        Assert.All(router.Replicas, replica => Assert.InRange(replica.KnownBlocks, 0, 50));
    }

    private static ulong[] Chain(int conversation, int blocks) => [.. Enumerable.Range(0, blocks).Select(i => ((ulong)(conversation + 1) << 32) + (ulong)i)];
}
