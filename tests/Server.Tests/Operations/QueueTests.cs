using System.Net;
using System.Text.Json.Nodes;

namespace ArchGen.Server.Tests.Operations;

/// <summary>More requests than may wait.</summary>
public sealed class QueueTests
{
    [Fact(Timeout = 60_000)]
    public async Task A_full_queue_is_429_and_says_when_to_come_again()
    {
        var constraint = new BlockingConstraint();
        var endpoint = new GeneratingEndpoint { Constraint = constraint };
        await using var server = await TestServer.StartAsync(
            options =>
            {
                options.Models[0].Model.MaxConcurrentAnswers = 1;
                options.Models[0].Model.Engine = engine => engine with { MaxQueuedAnswers = 1 };
            },
            endpoint.Map);
        var metrics = () => server.Service<Models.ModelRegistry>().Models[0].EngineOrNull!.Metrics;
        var first = server.PostAsync(GeneratingEndpoint.Path, """{"tokens": 100}""");
        await Eventually.TrueAsync(() => server.Service<Models.ModelRegistry>().Models[0].IsOpen && metrics().RunningAnswers == 1);
        var second = server.PostAsync(GeneratingEndpoint.Path, """{"tokens": 100}""");
        await Eventually.TrueAsync(() => metrics() is { QueuedAnswers: 1, QueuedTokens: 4 });

        using var content = new StringContent("""{"tokens": 100}""");
        using var response = await server.Client.PostAsync(GeneratingEndpoint.Path, content);
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 120);
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!;
        Assert.Equal("rate_limit_error", (string?)error["type"]);

        constraint.Release.Set();
        Assert.Equal(HttpStatusCode.OK, (await first).Status);
        Assert.Equal(HttpStatusCode.OK, (await second).Status);
        Assert.Equal(0, metrics().QueuedTokens);
    }
}
