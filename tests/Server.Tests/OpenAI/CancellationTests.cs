using System.Text;

namespace ArchGen.Server.Tests.OpenAI;

/// <summary>A client that goes away frees the engine: in the queue, in the prompt and while its answer is generated, streamed or not.</summary>
public sealed class CancellationTests
{
    private const int Context = 32_768;

    // It would take minutes to its end.
    private const string Endless = """ "ignore_eos": true, "temperature": 0, "cache_prompt": false """;

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_it_waits(bool isStreamed)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var server = await StartAsync();
        using var first = new Client(server, "Once", isStreamed: true);
        await server.UntilAsync(metrics => metrics is { RunningAnswers: 1, GeneratedTokens: > 0 }, cancellation);
        using (new Client(server, "Twice", isStreamed)) await server.UntilAsync(metrics => metrics.QueuedAnswers == 1, cancellation);
        var after = await server.UntilAsync(metrics => metrics.QueuedAnswers == 0, cancellation);
        Assert.Equal(1, after.RunningAnswers);
        Assert.Equal(0, after.FinishedAnswers);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_its_prompt_is_computed(bool isStreamed)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var server = await StartAsync();
        var prompt = string.Concat(Enumerable.Repeat("Once upon a time there was a cat. ", 2000));
        using (new Client(server, prompt, isStreamed)) await server.UntilAsync(metrics => metrics.RunningAnswers == 1, cancellation);
        var after = await server.UntilAsync(metrics => metrics is { RunningAnswers: 0, UsedCells: 0, CancelledAnswers: 1 }, cancellation);
        Assert.Equal(0, after.GeneratedTokens);
        Assert.True(after.ComputedTokens < after.PromptTokens, "The prompt was computed to its end.");
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_it_is_answered(bool isStreamed)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var server = await StartAsync();
        using (new Client(server, "Once", isStreamed)) await server.UntilAsync(metrics => metrics.GeneratedTokens > 3, cancellation);
        var after = await server.UntilAsync(metrics => metrics is { RunningAnswers: 0, UsedCells: 0, CancelledAnswers: 1 }, cancellation);
        Assert.Equal(0, after.FinishedAnswers);
        Assert.True(after.GeneratedTokens < Context / 2);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_of_several_prompts_is_not_left_behind(bool isStreamed)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var server = await StartAsync(answers: 2);
        using (new Client(server, "Once", isStreamed, "/v1/completions"))
            await server.UntilAsync(metrics => metrics is { RunningAnswers: 2, GeneratedTokens: > 3 }, cancellation);
        var after = await server.UntilAsync(metrics => metrics is { RunningAnswers: 0, UsedCells: 0 }, cancellation);
        Assert.Equal(2, after.CancelledAnswers);
    }

    private static Task<TestServer> StartAsync(int answers = 1) => TestServer.StartAsync(options =>
    {
        options.Models[0] = TestServer.Stories(contextLength: Context);
        options.Models[0].Model.MaxConcurrentAnswers = answers;
        options.Models[0].Model.Engine = engine => engine with { MaxBatch = 16, Cells = 2 * Context };
    });

    // Disposing of it closes its connection.
    private sealed class Client : IDisposable
    {
        private readonly HttpClient _client;
        private readonly CancellationTokenSource _end = new();

        public Client(TestServer server, string prompt, bool isStreamed, string path = "/v1/chat/completions")
        {
            _client = new HttpClient { BaseAddress = server.Address };
            var stream = isStreamed ? "true" : "false";
            var json = path == "/v1/completions"
                ? $$"""{"prompt": ["{{prompt}}", "{{prompt}} more"], "stream": {{stream}},{{Endless}}}"""
                : $$"""{"messages": [{"role": "user", "content": "{{prompt}}"}], "stream": {{stream}},{{Endless}}}""";
            var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
            _ = SendAsync(request);
        }

        public void Dispose()
        {
            _end.Cancel();
            _client.Dispose();
        }

        private async Task SendAsync(HttpRequestMessage request)
        {
            try
            {
                using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _end.Token);
                await response.Content.CopyToAsync(Stream.Null, _end.Token);
            }
            catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException or ObjectDisposedException)
            {
                // It went away: that is the test.
            }
        }
    }
}
