using System.Net;
using ArchGen.Server.Http;
using ArchGen.Server.OpenAI;
using ArchGen.Server.Operations;
using Microsoft.AspNetCore.Builder;

namespace ArchGen.Server.Tests.Abuse;

/// <summary>Clients that send or read so slowly that they would hold a connection for ever.</summary>
public sealed class SlowClientTests
{
    private const int Timeout = 120_000;

    // The least that Kestrel takes is above a second.
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1.5);

    [Fact(Timeout = Timeout)]
    public async Task Headers_that_do_not_come_are_cut_off()
    {
        await using var server = await TestServer.StartAsync(options => options.HeadersTimeout = Short);
        using var client = await RawClient.ConnectAsync(server);
        await client.SendAsync("POST /tokenize HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
        Assert.StartsWith("HTTP/1.1 408", await client.ReadToEndAsync());
        await AssertServesAsync(server);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_body_that_does_not_come_is_cut_off_and_the_request_is_given_up()
    {
        await using var server = await TestServer.StartAsync(options => options.SlowSenderTimeout = Short);
        using var client = await RawClient.ConnectAsync(server);
        await client.SendAsync("POST /tokenize HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{\"content\": \"");
        await client.ReadToEndAsync();
        await Eventually.TrueAsync(() => server.Service<RequestGate>().Running == 0);
        await AssertServesAsync(server);
    }

    [Fact(Timeout = Timeout)]
    public async Task Many_slow_clients_keep_nobody_from_being_answered()
    {
        await using var server = await TestServer.StartAsync();
        var clients = new List<RawClient>();
        for (var i = 0; i < 200; i++)
        {
            var client = await RawClient.ConnectAsync(server);
            clients.Add(client);
            await client.SendAsync(
                i % 2 == 0 ? "GET /v1/models HTTP/1.1\r\nHost:" : "POST /tokenize HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{");
        }

        for (var i = 0; i < 20; i++) await AssertServesAsync(server);
        foreach (var client in clients) client.Dispose();
        await Eventually.TrueAsync(() => server.Service<RequestGate>().Running == 0);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_client_that_reads_nothing_is_cut_off()
    {
        await using var server = await TestServer.StartAsync(options => options.SlowReaderTimeout = Short, MapEndless);
        using var client = await RawClient.ConnectAsync(server);
        await client.PostAsync("/test/endless", "{}");
        await client.ReadAsync();
        await Eventually.TrueAsync(() => server.Service<RequestGate>().Running == 0);
        await AssertServesAsync(server);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_client_that_waits_for_a_slow_answer_is_not_cut_off()
    {
        var endpoint = new GeneratingEndpoint { Release = new TaskCompletionSource() };
        await using var server = await TestServer.StartAsync(
            options => (options.SlowReaderTimeout, options.SlowSenderTimeout, options.HeadersTimeout) = (Short, Short, Short), endpoint.Map);
        using var other = await TestServerStallAsync(server);
        using var client = await RawClient.ConnectAsync(server);
        await client.PostAsync(GeneratingEndpoint.Path, """{"stream": true}""");
        await endpoint.ArrivedAsync();
        // Another client is cut off meanwhile: so much time has passed.
        await other.ReadToEndAsync();
        endpoint.Release.SetResult();
        for (var i = 0; i < 100; i++) await client.ReadAsync();
        await Eventually.TrueAsync(() => server.Service<RequestGate>().Running == 0);
    }

    private static async Task<RawClient> TestServerStallAsync(TestServer server)
    {
        var client = await RawClient.ConnectAsync(server);
        await client.SendAsync("GET /v1/models HTTP/1.1\r\nX-Slow:");
        return client;
    }

    private static void MapEndless(WebApplication application) => application.MapPost("/test/endless", ApiEndpoint.Of(OpenAIErrors.Instance, async context =>
    {
        var bytes = new byte[65_536];
        while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }));

    private static async Task AssertServesAsync(TestServer server) =>
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("/tokenize", """{"content": "Once"}""")).Status);
}
