namespace ArchGen.Samples.Router.Tests.Proxy;

/// <summary>Forty conversations of eight turns over three replicas whose caches together hold them, and none alone.</summary>
public sealed class ConversationTests
{
    // A conversation is about 380 tokens at its end, and a third of the forty conversations has room.
    private const int CacheTokens = 5400;

    [Fact]
    public async Task A_conversation_finds_its_beginning()
    {
        var turns = await RunAsync("RoundRobin", killed: false);
        var aware = await RunAsync("PrefixAware", killed: false);
        Assert.True(aware >= 3 * turns, $"{aware:F3} of the prompts' tokens were cached, {turns:F3} with round robin");
    }

    [Fact]
    public async Task The_death_of_a_replica_loses_no_conversation() => await RunAsync("PrefixAware", killed: true);

    private static async Task<double> RunAsync(string policy, bool killed)
    {
        var replicas = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => FakeReplica.StartAsync(CacheTokens)));
        await using var router = await TestRouter.StartAsync(replicas.Select(replica => replica.Address), options => options with
        {
            Policy = policy, Routing = options.Routing with { BlockCharacters = 16 },
        });
        var players = new ConversationPlayer(router.Client, 40, 8);
        await players.RunAsync(async round =>
        {
            if (killed && round == 4) await replicas[1].DieAsync();
        });
        Assert.Equal(40 * 8, players.Answers);
        Assert.Equal(0, players.Failures);
        if (killed) Assert.True(replicas[1].Requests > 0 && replicas[0].Requests + replicas[1].Requests + replicas[2].Requests >= 320);
        foreach (var replica in replicas) await replica.DisposeAsync();
        return players.HitRate;
    }
}
