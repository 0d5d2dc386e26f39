using System.Text.Json.Nodes;

namespace ArchGen.Samples.Router.Tests.Proxy;

/// <summary>Holds conversations, all at the same time, a turn of each after the other.</summary>
internal sealed class ConversationPlayer
{
    private readonly HttpClient _client;
    private readonly JsonArray[] _conversations;
    private readonly int _turns;
    private readonly int[] _known;
    private long _prompt, _cached, _knownTokens;
    private int _answers, _failures;

    public ConversationPlayer(HttpClient client, int conversations, int turns)
    {
        (_client, _turns) = (client, turns);
        _known = new int[conversations];
        _conversations = [.. Enumerable.Range(0, conversations).Select(_ => new JsonArray())];
    }

    public int Answers => _answers;

    /// <summary>Answers that broke off and were asked for again.</summary>
    public int Failures => _failures;

    public double HitRate => (double)_cached / _prompt;

    /// <summary>The share that would be cached if each turn found all of the one before: its prompt and its answer. No policy can do better.</summary>
    public double BestHitRate => (double)_knownTokens / _prompt;

    /// <summary>Tokens of a prompt, on average.</summary>
    public double MeanPrompt => (double)_prompt / _answers;

    /// <summary>The number of the first conversation: others have other words.</summary>
    public int FirstNumber { get; init; }

    /// <summary>Turns that are asked for at the same time at most; the order of others is that of a server's queue.</summary>
    public int MaxOpen { get; init; } = int.MaxValue;

    /// <summary>Words of the first message.</summary>
    public int StoryWords { get; init; } = 300;

    /// <summary>Tokens of an answer at most; null to leave it to the server.</summary>
    public int? AnswerTokens { get; init; }

    /// <summary>Holds all conversations.</summary>
    /// <param name="during">Called when half of a round of turns, from 1, has been sent.</param>
    public async Task RunAsync(Func<int, Task> during)
    {
        using var open = new SemaphoreSlim(MaxOpen);
        for (var round = 1; round <= _turns; round++)
        {
            var order = Enumerable.Range(0, _conversations.Length).ToArray();
            new Random(round).Shuffle(order);
            var first = Task.WhenAll(order[..(order.Length / 2)].Select(number => OneAsync(number, round)));
            await during(round);
            await Task.WhenAll([first, .. order[(order.Length / 2)..].Select(number => OneAsync(number, round))]);
        }

        async Task OneAsync(int number, int round)
        {
            await open.WaitAsync();
            try
            {
                await TurnAsync(number, round);
            }
            finally
            {
                open.Release();
            }
        }
    }

    private async Task TurnAsync(int number, int round)
    {
        var conversation = _conversations[number];
        conversation.Add(new JsonObject { ["role"] = "user", ["content"] = round == 1 ? Story(number) : $"Go on {round}" });
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
                Interlocked.Add(ref _knownTokens, _known[number]);
                _known[number] = (int)body["usage"]!["total_tokens"]!;
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

    // Other words for each number, from the first on.
    private string Story(int number)
    {
        string[] words = ["cat", "dog", "sun", "red", "big", "was", "the", "and", "ran", "saw"];
        var random = new Random(FirstNumber + number + 1);
        return string.Join(' ', Enumerable.Range(0, StoryWords).Select(_ => words[random.Next(words.Length)]));
    }
}
