using ArchGen.Samples.Router.Tests.Proxy;

namespace ArchGen.Samples.Router.Tests.Replicas;

/// <summary>Forty conversations of eight turns with three processes of <c>archgen serve</c> behind the router.</summary>
public sealed class ReplicaTests
{
    // Four times as many tokens have room in a cache: those of a third of the conversations, about 530 each at their end, and of hardly more.
    private const int ContextLength = 1880;

    /// <summary>
    /// Nearly all of what any policy could find. Round robin finds a fifth to a third by chance, so that three times as much would often be more than there is.
    /// With few open requests, old conversations are dropped, so that less is demanded.
    /// </summary>
    [Theory]
    [InlineData(4, 0.8)]
    [InlineData(20, 0.9)]
    [InlineData(40, 0.9)]
    public async Task Far_more_tokens_are_cached_than_with_round_robin(int maxOpen, double shareOfBest)
    {
        var replicas = await StartAsync();
        try
        {
            var aware = await TalkAsync(replicas, "PrefixAware", firstNumber: 0, maxOpen: maxOpen);
            var turns = await TalkAsync(replicas, "RoundRobin", firstNumber: 100, maxOpen: maxOpen);
            var figures = $"{aware.HitRate:F3} of the prompts' tokens were cached, {turns.HitRate:F3} with round robin; at best {aware.BestHitRate:F3}";
            TestContext.Current.SendDiagnosticMessage($"{maxOpen} open: {figures}; {aware.MeanPrompt:F0} tokens of a prompt");
            Assert.Equal((0, 0), (aware.Failures, turns.Failures));
            Assert.True(aware.HitRate >= 2 * turns.HitRate, figures);
            Assert.True(aware.HitRate >= shareOfBest * aware.BestHitRate, figures);
        }
        finally
        {
            await StopAsync(replicas);
        }
    }

    /// <summary>Neither a replica that is killed while it computes answers nor one that is asked to end costs an answer.</summary>
    [Theory]
    [InlineData("KILL")]
    [InlineData("TERM")]
    public async Task No_conversation_is_lost_with_its_replica(string signal)
    {
        if (OperatingSystem.IsWindows()) return;
        var replicas = await StartAsync();
        try
        {
            var talk = await TalkAsync(replicas, "PrefixAware", 0, async round =>
            {
                if (round == 4) await replicas[1].SignalAsync(signal);
            });
            Assert.Equal((40 * 8, 0), (talk.Answers, talk.Failures));
            await replicas[1].EndedAsync();
        }
        finally
        {
            await StopAsync(replicas);
        }
    }

    private static async Task<ReplicaProcess[]> StartAsync()
    {
        var starts = Enumerable.Range(0, 3).Select(_ => ReplicaProcess.StartAsync(ContextLength)).ToArray();
        try
        {
            return await Task.WhenAll(starts);
        }
        catch
        {
            foreach (var start in starts.Where(start => start.IsCompletedSuccessfully)) await start.Result.DisposeAsync();
            throw;
        }
    }

    private static async Task StopAsync(ReplicaProcess[] replicas)
    {
        foreach (var replica in replicas) await replica.DisposeAsync();
    }

    private static async Task<ConversationPlayer> TalkAsync(
        ReplicaProcess[] replicas, string policy, int firstNumber, Func<int, Task>? during = null, int maxOpen = int.MaxValue)
    {
        await using var router = await TestRouter.StartAsync(replicas.Select(replica => replica.Address), options => options with
        {
            Policy = policy, HealthPath = "/health", Routing = options.Routing with { BlockCharacters = 64 },
        });
        var player = new ConversationPlayer(router.Client, 40, 8) { AnswerTokens = 2, StoryWords = 400, FirstNumber = firstNumber, MaxOpen = maxOpen };
        await player.RunAsync(during ?? (static _ => Task.CompletedTask));
        Assert.Equal(40 * 8, player.Answers);
        return player;
    }
}
