using System.Text.Json.Nodes;

namespace ArchGen.Samples.Router.Tests.Proxy;

/// <summary>Forty conversations of eight turns over three replicas whose caches together hold them, and none alone.</summary>
public sealed class ConversationTests
{
    // A turn's message is 12 tokens and its answer 10: eight turns are about 200, forty conversations 8000.
    private const int CacheTokens = 3500;

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

/// <summary>Holds conversations, all at the same time, a turn of each after the other.</summary>
internal sealed class ConversationPlayer
{
    private readonly HttpClient _client;
    private readonly JsonArray[] _conversations;
    private readonly int _turns;
    private long _prompt, _cached;
    private int _answers, _failures;

    public ConversationPlayer(HttpClient client, int conversations, int turns)
    {
        (_client, _turns) = (client, turns);
        _conversations = [.. Enumerable.Range(0, conversations).Select(_ => new JsonArray())];
    }

    public int Answers => _answers;

    /// <summary>Answers that broke off and were asked for again.</summary>
    public int Failures => _failures;

    public double HitRate => (double)_cached / _prompt;

    /// <summary>Tokens of an answer at most; null to leave it to the server.</summary>
    public int? AnswerTokens { get; init; }

    /// <summary>Holds all conversations.</summary>
    /// <param name="during">Called when half of a round of turns, from 1, has been sent.</param>
    public async Task RunAsync(Func<int, Task> during)
    {
        for (var round = 1; round <= _turns; round++)
        {
            var order = Enumerable.Range(0, _conversations.Length).ToArray();
            new Random(round).Shuffle(order);
            var first = Task.WhenAll(order[..(order.Length / 2)].Select(number => TurnAsync(number, round)));
            await during(round);
            await Task.WhenAll([first, .. order[(order.Length / 2)..].Select(number => TurnAsync(number, round))]);
        }
    }

    private async Task TurnAsync(int number, int round)
    {
        var conversation = _conversations[number];
        conversation.Add(new JsonObject { ["role"] = "user", ["content"] = $"{number} goes to town on day {round} and sees a red dog" });
        var request = new JsonObject { ["messages"] = conversation.DeepClone() };
        if (AnswerTokens is { } tokens) (request["max_tokens"], request["temperature"]) = (tokens, 0);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            try
            {
                using var response = await _client.PostAsync("/v1/chat/completions", TestRouter.Json(request), TestContext.Current.CancellationToken);
                var body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
                Assert.True(response.IsSuccessStatusCode, body.ToJsonString());
                conversation.Add(new JsonObject { ["role"] = "assistant", ["content"] = (string?)body["choices"]![0]!["message"]!["content"] ?? "" });
                Interlocked.Add(ref _prompt, (int)body["usage"]!["prompt_tokens"]!);
                Interlocked.Add(ref _cached, (int)body["usage"]!["prompt_tokens_details"]!["cached_tokens"]!);
                Interlocked.Increment(ref _answers);
                return;
            }
            catch (HttpRequestException)
            {
                Interlocked.Increment(ref _failures);
            }
        }
    }
}
