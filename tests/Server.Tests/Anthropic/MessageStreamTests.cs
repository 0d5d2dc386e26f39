using System.Text;
using ArchGen.Server.Models;
using Microsoft.Extensions.DependencyInjection;

namespace ArchGen.Server.Tests.Anthropic;

public sealed class MessageStreamTests
{
    [Fact]
    public async Task A_client_that_leaves_frees_the_engine()
    {
        await using var server = await TestServer.StartAsync();
        const string json = """{"max_tokens": 100000, "ignore_eos": true, "stream": true, "messages": [{"role": "user", "content": "Hello"}]}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages") { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        var response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        response.Dispose();
        var engine = server.Application.Services.GetRequiredService<ModelRegistry>().Models[0].Engine;
        while (engine.Metrics.RunningAnswers + engine.Metrics.QueuedAnswers > 0)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    [Fact]
    public async Task Nothing_else_is_sent_than_events_while_the_model_is_busy()
    {
        await using var server = await TestServer.StartAsync(options => options.PingInterval = TimeSpan.FromMilliseconds(1));
        const string json = """{"max_tokens": 300, "ignore_eos": true, "stream": true, "messages": [{"role": "user", "content": "Hello"}]}""";
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await server.Client.PostAsync("/v1/messages", content, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("event: ping\ndata: {\"type\":\"ping\"}\n\n", text);
        Assert.DoesNotContain(": ping\n\n", text.Replace("event: ping\n", "", StringComparison.Ordinal));
    }
}
