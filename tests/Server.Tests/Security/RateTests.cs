using System.Net;
using ArchGen.Server.Security;
using Microsoft.Extensions.Time.Testing;

namespace ArchGen.Server.Tests.Security;

/// <summary>How much one key may ask for.</summary>
public sealed class RateTests
{
    [Fact(Timeout = 60_000)]
    public async Task A_key_has_so_many_requests_at_the_same_time_and_another_is_not_affected()
    {
        var endpoint = new GeneratingEndpoint { Release = new TaskCompletionSource() };
        await using var server = await TestServer.StartAsync(
            options =>
            {
                options.ApiKeys.Add("first");
                options.ApiKeys.Add("second");
                options.MaxRequestsPerKey = 1;
            },
            endpoint.Map);
        var running = SendAsync(server, "first");
        await endpoint.ArrivedAsync();
        using (var refused = await SendAsync(server, "first"))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.True(refused.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
        }

        var other = SendAsync(server, "second");
        await endpoint.ArrivedAsync();
        endpoint.Release.SetResult();
        using (var answer = await running) Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using (var answer = await other) Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using (var again = await SendAsync(server, "first")) Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_key_has_so_many_requests_in_a_minute()
    {
        var clock = new FakeTimeProvider();
        await using var server = await TestServer.StartAsync(options => (options.MaxRequestsPerMinute, options.Clock) = (3, clock));
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("/tokenize", """{"content": "Once"}""")).Status);
        using var content = new StringContent("""{"content": "Once"}""");
        using var refused = await server.Client.PostAsync("/tokenize", content);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(60, refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        using var health = await server.Client.GetAsync("/health/live");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("/tokenize", """{"content": "Once"}""")).Status);
    }

    [Fact]
    public void Callers_that_have_gone_are_forgotten()
    {
        var clock = new FakeTimeProvider();
        var limit = new MinuteLimit(2, clock);
        for (var i = 0; i < 1000; i++) Assert.Null(limit.Take($"caller {i}"));
        clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Null(limit.Take("caller 7"));
        Assert.Equal(TimeSpan.FromSeconds(40), limit.Take("caller 7"));
        Assert.Equal(1000, limit.Callers);
        clock.Advance(TimeSpan.FromSeconds(45));
        Assert.Null(limit.Take("caller 7"));
        Assert.Equal(TimeSpan.FromSeconds(15), limit.Take("caller 7"));
        Assert.Equal(1, limit.Callers);
    }

    private static async Task<HttpResponseMessage> SendAsync(TestServer server, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, GeneratingEndpoint.Path) { Content = new StringContent("{}") };
        request.Headers.Authorization = new("Bearer", key);
        return await server.Client.SendAsync(request);
    }
}
