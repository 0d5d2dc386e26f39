using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace ArchGen.Samples.Router.Tests.Proxy;

/// <summary>The router in front of replicas that do what a test says.</summary>
public sealed class RouterTests : IAsyncLifetime
{
    private FakeReplica _first = null!, _second = null!;

    public async ValueTask InitializeAsync() => (_first, _second) = (await FakeReplica.StartAsync(), await FakeReplica.StartAsync());

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Fact]
    public async Task A_request_and_its_answer_pass_unchanged()
    {
        await using var router = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions?x=1") { Content = TestRouter.Json(TestRouter.Prompt("Hello")) };
        request.Headers.Add("Authorization", "Bearer key");
        using var response = await router.Client.SendAsync(request);
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal(("/v1/chat/completions?x=1", "Bearer key"), ((string)body["path"]!, (string)body["authorization"]!));
        Assert.Equal("/props", (string?)JsonNode.Parse(await router.Client.GetStringAsync("/props"))!["path"]);
    }

    [Fact]
    public async Task An_event_passes_before_the_next_is_there()
    {
        var goOn = new TaskCompletionSource();
        _first.Instead = _second.Instead = async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: one\n\n");
            await context.Response.Body.FlushAsync();
            await goOn.Task;
            await context.Response.WriteAsync("data: two\n\n");
        };
        await using var router = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = TestRouter.Json(TestRouter.Prompt("Hello")) };
        using var response = await router.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("data: one", await reader.ReadLineAsync());
        goOn.SetResult();
        Assert.Equal("\ndata: two\n\n", await reader.ReadToEndAsync());
    }

    public static TheoryData<string> Failures => ["503", "429", "reset", "reset after headers", "refused"];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task What_has_not_begun_is_sent_to_another(string failure)
    {
        await BreakAsync(_first, failure);
        await using var router = await StartAsync();
        for (var i = 0; i < 6; i++)
        {
            using var response = await router.AskAsync($"Hello {i}");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Contains("\"usage\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(6, _second.Requests);
        Assert.True(await router.MetricAsync("retries_total") >= 1);
        Assert.Equal(0, await router.MetricAsync("replica_requests"));
        Assert.Equal(0, await router.MetricAsync("replica_queued_blocks"));
        // Who answers lives; who breaks off gets a rest.
        Assert.Equal(failure is "503" or "429" ? 2 : 1, await router.MetricAsync("replica_up"));
    }

    [Fact]
    public async Task What_has_begun_is_not_sent_again()
    {
        var read = new TaskCompletionSource();
        _first.Instead = _second.Instead = async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: one\n\n");
            await context.Response.Body.FlushAsync();
            await read.Task;
            context.Abort();
        };
        await using var router = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = TestRouter.Json(TestRouter.Prompt("Hello")) };
        using var response = await router.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("data: one", await reader.ReadLineAsync());
        read.SetResult();
        await Assert.ThrowsAnyAsync<IOException>(reader.ReadToEndAsync);
        Assert.Equal(1, _first.Requests + _second.Requests);
        Assert.Equal(0, await router.MetricAsync("retries_total"));
    }

    [Fact]
    public async Task What_changes_something_is_not_sent_again()
    {
        await BreakAsync(_first, "503");
        await BreakAsync(_second, "503");
        await using var router = await StartAsync();
        using var response = await router.AskAsync("Hello", "/slots/0?action=save");
        Assert.Equal("busy", await response.Content.ReadAsStringAsync());
        Assert.Equal(1, _first.Requests + _second.Requests);
    }

    [Theory]
    [InlineData("503", HttpStatusCode.ServiceUnavailable, "busy")]
    [InlineData("429", HttpStatusCode.TooManyRequests, "busy")]
    [InlineData("reset", HttpStatusCode.BadGateway, "No replica answers. Try again later.")]
    public async Task When_all_fail_the_last_word_is_passed_on(string failure, HttpStatusCode status, string text)
    {
        await BreakAsync(_first, failure);
        await BreakAsync(_second, failure);
        await using var router = await StartAsync();
        using var response = await router.AskAsync("Hello");
        Assert.Equal(status, response.StatusCode);
        Assert.Contains(text, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal((1, 1), (_first.Requests, _second.Requests));
        Assert.Equal(failure == "429" ? ["7"] : [], response.Headers.TryGetValues("Retry-After", out var values) ? values : []);
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused()
    {
        await using var router = await TestRouter.StartAsync([_first.Address], options => options with { MaxRequestBytes = 1000 });
        using var response = await router.AskAsync(new string('x', 1000));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("more than 1000 bytes", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, _first.Requests);
        using var next = await router.AskAsync("short");
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task Who_is_not_ready_gets_nothing()
    {
        _first.IsReady = false;
        await using var router = await TestRouter.StartAsync(
            [_first.Address, _second.Address], options => options with { HealthInterval = TimeSpan.FromMilliseconds(50) });
        await _first.ProbedAsync(4);
        for (var i = 0; i < 4; i++) (await router.AskAsync($"Hello {i}")).Dispose();
        Assert.Equal((0, 4), (_first.Requests, _second.Requests));
        Assert.Equal("ok", await router.Client.GetStringAsync("/health/ready"));
        _second.IsReady = false;
        await _second.ProbedAsync(4);
        using var health = await router.Client.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
    }

    /// <summary>As behind the name of a headless service.</summary>
    [Fact]
    public async Task Each_address_of_a_name_is_a_replica()
    {
        await using var router = await TestRouter.StartAsync(
            [new Uri($"http://localhost:{_first.Address.Port}")], options => options with { ResolvesNames = true });
        using var response = await router.AskAsync("Hello");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("127.0.0.1", await router.Client.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_leaves_ends_the_answer()
    {
        TaskCompletionSource begun = new(), ended = new();
        _first.Instead = _second.Instead = async context =>
        {
            using var registration = context.RequestAborted.Register(() => ended.TrySetResult());
            begun.SetResult();
            await ended.Task;
        };
        await using var router = await StartAsync();
        using var source = new CancellationTokenSource();
        var request = router.Client.PostAsync("/v1/chat/completions", TestRouter.Json(TestRouter.Prompt("Hello")), source.Token);
        await begun.Task;
        await source.CancelAsync();
        await ended.Task;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        Assert.Equal(1, _first.Requests + _second.Requests);
        Assert.Equal(2, await router.MetricAsync("replica_up"));
    }

    [Fact]
    public async Task The_metrics_have_what_replicas_report()
    {
        await using var router = await TestRouter.StartAsync([_first.Address, _second.Address], options => options with
        {
            Routing = options.Routing with { BlockCharacters = 16 },
        });
        var text = string.Concat(Enumerable.Repeat("Once upon a time ", 10));
        (await router.AskAsync(text)).Dispose();
        (await router.AskAsync(text)).Dispose();
        var tokens = await router.MetricAsync("replica_prompt_tokens_total");
        Assert.Equal(tokens / 2, await router.MetricAsync("replica_cached_tokens_total"));
        Assert.True(tokens >= 80, $"{tokens}");
        Assert.Equal(2, await router.MetricAsync("routes_total"));
        Assert.Equal(await router.MetricAsync("replica_blocks_total") / 2, await router.MetricAsync("replica_expected_blocks_total"));
    }

    private Task<TestRouter> StartAsync() => TestRouter.StartAsync([_first.Address, _second.Address]);

    private static async Task BreakAsync(FakeReplica replica, string failure)
    {
        if (failure == "refused")
        {
            await replica.DieAsync();
            return;
        }

        replica.Instead = async context =>
        {
            switch (failure)
            {
                case "503" or "429":
                    context.Response.StatusCode = failure == "503" ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status429TooManyRequests;
                    if (failure == "429") context.Response.Headers.RetryAfter = "7";
                    await context.Response.WriteAsync("busy");
                    return;
                case "reset after headers":
                    context.Response.ContentType = "text/event-stream";
                    await context.Response.Body.FlushAsync();
                    break;
            }

            context.Abort();
        };
    }
}
