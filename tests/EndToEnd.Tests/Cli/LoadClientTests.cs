using System.Net;
using System.Text;
using ArchGen.CommandLine.Serving;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary>What the client of <c>archgen bench-serve</c> measures, by a clock that only the server's answer moves.</summary>
public sealed class LoadClientTests
{
    private const string Role = "data: {\"choices\": [{\"delta\": {\"role\": \"assistant\", \"content\": \"\"}}]}\n\n";
    private const string Text = "data: {\"choices\": [{\"delta\": {\"content\": \"x\"}}]}\n\n";
    private const string Thought = "data: {\"choices\": [{\"delta\": {\"reasoning_content\": \"x\"}}]}\n\n";
    private const string Usage = "data: {\"choices\": [], \"usage\": {\"prompt_tokens\": 9, \"completion_tokens\": 5, \"prompt_tokens_details\": "
        + "{\"cached_tokens\": 4}}}\n\n";

    private const string Done = "data: [DONE]\n\n";

    [Fact]
    public async Task The_first_text_and_the_gaps_are_timed()
    {
        var result = await SendAsync((10, Role), (40, Thought), (0, ": ping\n\n"), (20, Text), (30, Text), (5, Done));
        Assert.Null(result.Error);
        Assert.Equal(Milliseconds(50), result.FirstToken);
        Assert.Equal([Milliseconds(20), Milliseconds(30)], result.Gaps);
        Assert.Equal(Milliseconds(105), result.Latency);
        Assert.Equal((3, null, 0), (result.AnswerTokens, result.PromptTokens, result.CachedTokens));
        Assert.Equal(Milliseconds(27.5), result.PerToken);
    }

    [Fact]
    public async Task The_usage_counts_and_not_the_events()
    {
        var result = await SendAsync((10, Role + Text), (40, Text + Usage + Done));
        Assert.Equal((5, 9, 4), (result.AnswerTokens, result.PromptTokens, result.CachedTokens));
        Assert.Equal(Milliseconds(10), result.PerToken);
    }

    [Fact]
    public async Task An_event_in_two_parts_is_one()
    {
        var result = await SendAsync((10, Text[..20]), (10, Text[20..] + Text[..^1]), (10, "\n" + Done));
        Assert.Equal(Milliseconds(20), result.FirstToken);
        Assert.Equal([Milliseconds(10)], result.Gaps);
    }

    [Theory]
    [InlineData("data: {\"error\": {\"message\": \"The context is full.\"}}\n\n", "The context is full.")]
    [InlineData("data: {\"choices\": []}\n\n", "The answer ended without [DONE].")]
    [InlineData("data: {\n\n", "Expected depth to be zero")]
    public async Task What_is_no_answer_is_an_error(string events, string message) =>
        Assert.Contains(message, (await SendAsync((1, events))).Error, StringComparison.Ordinal);

    [Fact]
    public void Percentiles_are_those_of_NumPy()
    {
        var values = DistributionSummary.Of([4.0, 1, 3, 2]);
        Assert.Equal((2.5, 2.5), (values.Mean, values.P50));
        Assert.Equal((3.7, 3.97), (Math.Round(values.P90, 9), Math.Round(values.P99, 9)));
        Assert.Equal(default, DistributionSummary.Of(Array.Empty<double>()));
    }

    [Fact]
    public void Prompts_share_what_they_should()
    {
        var prompts = new LoadPrompts(7, 0.25);
        string[] first = prompts.Text(1, 100).Split(' '), second = prompts.Text(2, 100).Split(' ');
        Assert.Equal((100, 100), (first.Length, second.Length));
        Assert.Equal(first[..25], second[..25]);
        Assert.True(first.Zip(second).Skip(25).Count(pair => pair.First == pair.Second) < 10);
        Assert.Equal(first, new LoadPrompts(7, 0.25).Text(1, 100).Split(' '));
        Assert.NotEqual(first, new LoadPrompts(8, 0.25).Text(1, 100).Split(' '));
    }

    private static TimeSpan Milliseconds(double value) => TimeSpan.FromMilliseconds(value);

    private static async Task<LoadResult> SendAsync(params (int Delay, string Text)[] parts)
    {
        var clock = new Clock();
        var options = new LoadOptions { Server = new Uri("http://server"), Clock = clock };
        using var client = new LoadClient(options, new Server(clock, parts));
        return await client.SendAsync("model", "prompt", 5, TestContext.Current.CancellationToken);
    }

    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now;
    }

    private sealed class Server(Clock clock, (int Delay, string Text)[] parts) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Equal("http://server/v1/chat/completions", request.RequestUri!.AbsoluteUri);
            var content = new StreamContent(new Answer(clock, parts)) { Headers = { ContentType = new("text/event-stream") } };
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content });
        }
    }

    // Each read waits, by the clock, and gives one part.
    private sealed class Answer(Clock clock, (int Delay, string Text)[] parts) : MemoryStream
    {
        private int _next;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_next == parts.Length) return new(0);
            var (delay, text) = parts[_next++];
            clock.Now += delay * TimeSpan.TicksPerMillisecond;
            return new(Encoding.UTF8.GetBytes(text, buffer.Span));
        }
    }
}
