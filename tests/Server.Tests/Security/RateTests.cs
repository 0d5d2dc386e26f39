using System.Net;

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
        await using var server = await TestServer.StartAsync(options => options.MaxRequestsPerMinute = 3);
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("/tokenize", """{"content": "Once"}""")).Status);
        using var content = new StringContent("""{"content": "Once"}""");
        using var refused = await server.Client.PostAsync("/tokenize", content);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        using var health = await server.Client.GetAsync("/health/live");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    private static async Task<HttpResponseMessage> SendAsync(TestServer server, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, GeneratingEndpoint.Path) { Content = new StringContent("{}") };
        request.Headers.Authorization = new("Bearer", key);
        return await server.Client.SendAsync(request);
    }
}
