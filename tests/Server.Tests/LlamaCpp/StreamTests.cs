using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ArchGen.Server.Http.Streams;
using ArchGen.Server.Models;
using ArchGen.Server.Tests.Abuse;
using Microsoft.Extensions.Time.Testing;

namespace ArchGen.Server.Tests.LlamaCpp;

/// <summary>Answers that go on without their connections.</summary>
public sealed class StreamTests
{
    private const int Timeout = 60_000;
    private const string Path = "/v1/chat/completions";

    [Fact(Timeout = Timeout)]
    public async Task An_answer_can_be_read_again_from_any_byte()
    {
        await using var server = await TestServer.StartAsync();
        var live = await (await AskAsync(server, "a/b::c", 20)).Content.ReadAsStringAsync();
        Assert.EndsWith("data: [DONE]\n\n", live);
        Assert.Equal(live, await ReadAsync(server, "a/b::c", 0));
        Assert.Equal(live[100..], await ReadAsync(server, "a/b::c", 100));
        var (_, found) = await server.PostAsync("/v1/streams/lookup", """{"conversation_ids": ["a/b", "never"]}""");
        var session = Assert.Single(found.AsArray())!;
        Assert.Equal(
            ("a/b::c", true, Encoding.UTF8.GetByteCount(live)),
            ((string?)session["conversation_id"], (bool)session["is_done"]!, (int)session["total_bytes"]!));

        Assert.Equal(HttpStatusCode.NoContent, (await server.Client.DeleteAsync("/v1/stream?conv_id=a%2Fb%3A%3Ac")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Client.GetAsync("/v1/stream?conv_id=a%2Fb%3A%3Ac")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await server.Client.DeleteAsync("/v1/stream?conv_id=never")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await server.Client.GetAsync("/v1/stream")).StatusCode);
    }

    [Fact(Timeout = Timeout)]
    public async Task An_answer_goes_on_when_its_client_goes()
    {
        await using var server = await TestServer.StartAsync();
        using (var client = await RawClient.ConnectAsync(server))
        {
            var body = Request(300);
            await client.SendAsync(
                $"POST {Path} HTTP/1.1\r\nHost: localhost\r\nX-Conversation-Id: gone\r\nContent-Length: {body.Length}\r\n\r\n{body}");
            await Eventually.TrueAsync(() => Find(server, "gone") is { Length: > 0 });
        }

        var text = await ReadAsync(server, "gone", 0);
        Assert.EndsWith("data: [DONE]\n\n", text);
        Assert.Contains("\"finish_reason\":\"", text);
        Assert.Equal(0, server.Service<ModelRegistry>().Models[0].Engine.Metrics.CancelledAnswers);
    }

    [Fact(Timeout = Timeout)]
    public async Task Deleting_it_ends_the_answer_and_its_readers()
    {
        await using var server = await TestServer.StartAsync(options => options.Models[0].Model.ContextLength = 100_000);
        using var live = await AskAsync(server, "long", 90_000);
        await using var stream = await live.Content.ReadAsStreamAsync();
        Assert.True(await stream.ReadAsync(new byte[1]) > 0);
        using var reader = await server.Client.GetAsync(
            "/v1/stream?conv_id=long&from=0", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, reader.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await server.Client.DeleteAsync("/v1/stream?conv_id=long")).StatusCode);
        await Eventually.TrueAsync(() => server.Service<ModelRegistry>().Models[0].Engine.Metrics.RunningAnswers == 0);
        Assert.DoesNotContain("[DONE]", await reader.Content.ReadAsStringAsync());
    }

    [Fact(Timeout = Timeout)]
    public async Task A_further_answer_of_the_conversation_takes_the_place_of_the_first()
    {
        await using var server = await TestServer.StartAsync(options => options.Models[0].Model.ContextLength = 100_000);
        using var first = await AskAsync(server, "same", 90_000);
        using var second = await AskAsync(server, "same", 5);
        var text = await second.Content.ReadAsStringAsync();
        Assert.Equal(text, await ReadAsync(server, "same", 0));
        await Eventually.TrueAsync(() => server.Service<ModelRegistry>().Models[0].Engine.Metrics.RunningAnswers == 0);
    }

    [Fact(Timeout = Timeout)]
    public async Task Another_key_neither_finds_nor_ends_it()
    {
        await using var server = await TestServer.StartAsync(options =>
        {
            options.ApiKeys.Add("first");
            options.ApiKeys.Add("second");
        });
        server.Client.DefaultRequestHeaders.Authorization = new("Bearer", "first");
        await (await AskAsync(server, "mine", 5)).Content.ReadAsStringAsync();
        server.Client.DefaultRequestHeaders.Authorization = new("Bearer", "second");
        Assert.Equal(HttpStatusCode.NotFound, (await server.Client.GetAsync("/v1/stream?conv_id=mine")).StatusCode);
        Assert.Empty((await server.PostAsync("/v1/streams/lookup", """{"conversation_ids": ["mine"]}""")).Body.AsArray());
        await server.Client.DeleteAsync("/v1/stream?conv_id=mine");
        server.Client.DefaultRequestHeaders.Authorization = null;
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Client.GetAsync("/v1/stream?conv_id=mine")).StatusCode);
        server.Client.DefaultRequestHeaders.Authorization = new("Bearer", "first");
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/v1/stream?conv_id=mine")).StatusCode);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_request_that_fails_leaves_nothing_and_it_ends_after_five_minutes()
    {
        var clock = new FakeTimeProvider();
        await using var server = await TestServer.StartAsync(options => options.Clock = clock);
        using var failed = await AskAsync(server, "wrong", -3);
        Assert.Equal(HttpStatusCode.BadRequest, failed.StatusCode);
        Assert.Null(Find(server, "wrong"));
        await (await AskAsync(server, "old", 3)).Content.ReadAsStringAsync();
        await Eventually.TrueAsync(() => Find(server, "old") is { Ended: not null });
        clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Null(Find(server, "old"));
    }

    [Fact]
    public async Task The_first_bytes_of_a_long_answer_are_dropped()
    {
        using var session = new StreamSession("", "any", default, capacity: 1000, TimeProvider.System);
        var all = Enumerable.Range(0, 5000).Select(i => (byte)i).ToArray();
        foreach (var part in all.Chunk(70)) session.Append(part);
        Assert.Equal(5000, session.Length);
        Assert.InRange(session.Kept, 700, 1000);
        var buffer = new byte[2000];
        Assert.Equal(-1, await session.ReadAsync(4000 - 1, buffer, default));
        var from = 5000 - session.Kept;
        Assert.Equal(session.Kept, await session.ReadAsync(from, buffer, default));
        Assert.Equal(all[from..], buffer[..session.Kept]);
        var waiting = session.ReadAsync(5000, buffer, default).AsTask();
        Assert.False(waiting.IsCompleted);
        session.Append(new byte[3000]);
        Assert.Equal(-1, await waiting);
        session.Complete();
        Assert.Equal(0, await session.ReadAsync(8000, buffer, default));
    }

    private static StreamSession? Find(TestServer server, string id) => server.Service<StreamSessions>().Find("", id);

    private static string Request(int tokens) => new JsonObject
    {
        ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "Once" }),
        ["stream"] = true, ["max_tokens"] = tokens, ["ignore_eos"] = true, ["temperature"] = 0,
    }.ToJsonString();

    private static async Task<HttpResponseMessage> AskAsync(TestServer server, string id, int tokens)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent(Request(tokens), Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Conversation-Id", id);
        return await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    private static async Task<string> ReadAsync(TestServer server, string id, int from)
    {
        using var response = await server.Client.GetAsync(
            $"/v1/stream?conv_id={Uri.EscapeDataString(id)}&from={from}", TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        return await response.Content.ReadAsStringAsync();
    }
}
