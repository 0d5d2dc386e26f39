using System.Net;
using ArchGen.Server.Operations;
using Microsoft.Extensions.Time.Testing;

namespace ArchGen.Server.Tests.Operations;

/// <summary>What has begun before the server is stopped is answered.</summary>
public sealed class DrainTests
{
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public async Task Answers_that_have_begun_end_and_new_ones_are_refused()
    {
        var endpoint = new GeneratingEndpoint { Release = new TaskCompletionSource() };
        await using var server = await TestServer.StartAsync(map: endpoint.Map);
        var answers = Enumerable.Range(0, 4).Select(_ => server.PostAsync(GeneratingEndpoint.Path, """{"tokens": 20}""")).ToArray();
        for (var i = 0; i < answers.Length; i++) await endpoint.ArrivedAsync();

        var stop = server.Application.StopAsync();
        await Eventually.TrueAsync(() => server.Service<RequestGate>().IsDraining);
        using (var ready = await server.Client.GetAsync("/health/ready")) Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        using (var live = await server.Client.GetAsync("/health/live")) Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        using var refused = await server.Client.PostAsync("/tokenize", new StringContent("""{"content": "Once"}"""));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(30), refused.Headers.RetryAfter!.Delta);
        Assert.False(stop.IsCompleted);

        endpoint.Release.SetResult();
        foreach (var answer in answers) Assert.Equal(HttpStatusCode.OK, (await answer).Status);
        await stop;
    }

    [Fact(Timeout = Timeout)]
    public async Task Answers_that_do_not_end_in_time_are_cut_off()
    {
        var clock = new FakeTimeProvider();
        var endpoint = new GeneratingEndpoint { Release = new TaskCompletionSource() };
        await using var server = await TestServer.StartAsync(options => options.Clock = clock, endpoint.Map);
        var answer = server.PostAsync(GeneratingEndpoint.Path, "{}");
        await endpoint.ArrivedAsync();
        var stop = server.Application.StopAsync();
        await Eventually.TrueAsync(() => server.Service<RequestGate>().IsDraining);
        clock.Advance(TimeSpan.FromSeconds(31));
        await Assert.ThrowsAnyAsync<Exception>(() => answer);
        await stop;
        Assert.Equal(0, server.Service<RequestGate>().Running);
    }

    [Fact(Timeout = Timeout)]
    public async Task No_request_that_had_begun_is_lost_when_the_server_stops_under_load()
    {
        var endpoint = new GeneratingEndpoint();
        await using var server = await TestServer.StartAsync(map: endpoint.Map);
        int ended = 0, refused = 0;
        var clients = Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            try
            {
                while ((await server.PostAsync(GeneratingEndpoint.Path, """{"tokens": 8}""")).Status == HttpStatusCode.OK) Interlocked.Increment(ref ended);
            }
            catch (HttpRequestException)
            {
                // The server listens no more, or closed a connection on which nothing had begun.
            }

            Interlocked.Increment(ref refused);
        })).ToArray();
        await Eventually.TrueAsync(() => Volatile.Read(ref ended) > 50);
        await server.Application.StopAsync();
        await Task.WhenAll(clients);
        Assert.Equal(endpoint.Begun, ended);
        Assert.Equal(16, refused);
    }
}
