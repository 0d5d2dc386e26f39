using System.Net;
using ArchGen.Runtime.Scheduling;
using ArchGen.Server.Models;
using ArchGen.Server.Operations;

namespace ArchGen.Server.Tests.Abuse;

/// <summary>Clients that go away, at each phase of a request: nothing of it is left, and others are answered.</summary>
public sealed class AbortTests
{
    private const int Timeout = 120_000;

    [Fact(Timeout = Timeout)]
    public async Task In_the_headers_or_in_the_body()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var text in (string[])["POST /tok", "POST /tokenize HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n{\"content\""])
        {
            for (var i = 0; i < 20; i++)
            {
                using var client = await RawClient.ConnectAsync(server);
                await client.SendAsync(text);
            }
        }

        await AssertIdleAsync(server);
    }

    [Fact(Timeout = Timeout)]
    public async Task While_the_model_is_opened()
    {
        var begin = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(options => options.Models[0].Model.Engine = engine =>
        {
            begin.Task.Wait();
            return engine;
        });
        for (var i = 0; i < 10; i++)
        {
            using var client = await RawClient.ConnectAsync(server);
            await client.PostAsync("/tokenize", """{"content": "Once"}""");
            await Eventually.TrueAsync(() => server.Service<ModelRegistry>().Models[0].Waiters > 0);
            client.Dispose();
            await Eventually.TrueAsync(() => server.Service<ModelRegistry>().Models[0].Waiters == 0);
        }

        begin.SetResult();
        await AssertIdleAsync(server);
    }

    [Theory(Timeout = Timeout)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_it_waits_in_the_queue(bool streams)
    {
        var constraint = new BlockingConstraint();
        var endpoint = new GeneratingEndpoint { Constraint = constraint };
        await using var server = await TestServer.StartAsync(options => options.Models[0].Model.MaxConcurrentAnswers = 1, endpoint.Map);
        var first = server.PostAsync(GeneratingEndpoint.Path, "{}");
        await Eventually.TrueAsync(() => Metrics(server) is { RunningAnswers: 1 });
        using (var client = await RawClient.ConnectAsync(server))
        {
            await client.PostAsync(GeneratingEndpoint.Path, Body(streams));
            await Eventually.TrueAsync(() => Metrics(server) is { QueuedAnswers: 1 });
        }

        await Eventually.TrueAsync(() => endpoint.Aborted == 1);
        constraint.Release.Set();
        Assert.Equal(HttpStatusCode.OK, (await first).Status);
        await AssertIdleAsync(server);
        Assert.Equal(1, Metrics(server)!.CancelledAnswers);
        Assert.Equal(0, Metrics(server)!.QueuedTokens);
    }

    [Theory(Timeout = Timeout)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_its_prompt_is_computed(bool streams)
    {
        // A small batch, so that the prompt takes hundreds of steps.
        var endpoint = new GeneratingEndpoint { PromptTokens = 400 };
        await using var server = await TestServer.StartAsync(options => options.Models[0].Model.Engine = engine => engine with { MaxBatch = 1 }, endpoint.Map);
        await AssertServesAsync(server);
        using (var client = await RawClient.ConnectAsync(server))
        {
            await client.PostAsync(GeneratingEndpoint.Path, Body(streams));
            await Eventually.TrueAsync(() => Metrics(server) is { ComputedTokens: > 0 });
        }

        await AssertIdleAsync(server);
        Assert.Equal(1, Metrics(server)!.Requests);
    }

    [Theory(Timeout = Timeout)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_it_is_answered(bool streams)
    {
        var endpoint = new GeneratingEndpoint { Release = new TaskCompletionSource() };
        await using var server = await TestServer.StartAsync(map: endpoint.Map);
        for (var i = 0; i < 10; i++)
        {
            using var client = await RawClient.ConnectAsync(server);
            await client.PostAsync(GeneratingEndpoint.Path, Body(streams));
            await endpoint.ArrivedAsync();
        }

        await AssertIdleAsync(server);
        endpoint.Release.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(GeneratingEndpoint.Path, "{}")).Status);
    }

    private static string Body(bool streams) => $$"""{"tokens": 400, "stream": {{(streams ? "true" : "false")}}}""";

    private static EngineMetrics? Metrics(TestServer server) => server.Service<ModelRegistry>().Models[0].EngineOrNull?.Metrics;

    private static async Task AssertServesAsync(TestServer server) =>
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("/tokenize", """{"content": "Once"}""")).Status);

    private static async Task AssertIdleAsync(TestServer server)
    {
        await AssertServesAsync(server);
        await Eventually.TrueAsync(
            () => server.Service<RequestGate>().Running == 0 && Metrics(server) is { RunningAnswers: 0, QueuedAnswers: 0, UsedCells: 0 });
        Assert.Equal(0, server.Service<ModelRegistry>().Models[0].Users);
    }
}
