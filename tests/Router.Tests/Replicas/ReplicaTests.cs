using ArchGen.Samples.Router.Tests.Proxy;

namespace ArchGen.Samples.Router.Tests.Replicas;

/// <summary>Forty conversations of eight turns with three processes of <c>archgen serve</c> behind the router.</summary>
public sealed class ReplicaTests
{
    // Four times as many tokens have room in a cache: those of a third of the conversations, about 530 each at their end, and of hardly more.
    private const int ContextLength = 1880;

    [Fact]
    public async Task Three_times_as_many_tokens_are_cached_as_with_round_robin()
    {
        var replicas = await StartAsync();
        try
        {
            var aware = await TalkAsync(replicas, "PrefixAware", firstNumber: 0, maxOpen: 4);
            var turns = await TalkAsync(replicas, "RoundRobin", firstNumber: 100, maxOpen: 4);
            TestContext.Current.SendDiagnosticMessage($"{aware.HitRate:F3} {turns.HitRate:F3} {aware.MeanPrompt:F0}");
            Assert.Equal((0, 0), (aware.Failures, turns.Failures));
            Assert.True(aware.HitRate >= 3 * turns.HitRate, $"{aware.HitRate:F3} of the prompts' tokens were cached, {turns.HitRate:F3} with round robin");
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
