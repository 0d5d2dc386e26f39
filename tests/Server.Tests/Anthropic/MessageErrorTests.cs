using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace ArchGen.Server.Tests.Anthropic;

public sealed class MessageErrorTests
{
    private const string Hello = """ "max_tokens": 5, "messages": [{"role": "user", "content": "Hello"}] """;

    [Theory]
    [InlineData("""{"messages": [{"role": "user", "content": "Hello"}]}""", "'max_tokens' is missing")]
    [InlineData("""{"max_tokens": 5}""", "'messages' is missing")]
    [InlineData("""{"max_tokens": 5, "messages": [{"role": "robot", "content": "Hello"}]}""", "'messages[0].role' is not supported: robot")]
    [InlineData("""{"max_tokens": 5, "messages": [{"role": "user", "content": 3}]}""", "'messages[0].content' is the number 3")]
    [InlineData("""{"max_tokens": 5, "messages": [{"role": "user", "content": [{"type": "image", "source": {}}]}]}""", "image input is not supported")]
    [InlineData("""{"max_tokens": 5, "messages": [{"role": "user", "content": [{"type": "document"}]}]}""", "document input is not supported")]
    [InlineData("""
        {"max_tokens": 5, "messages": [{"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": [{"type": "image"}]}]}]}
        """, "'messages[0].content[0].content[0].type' is not supported: image input is not supported")]
    [InlineData("""{HELLO, "tools": [{"type": "bash_20250124", "name": "bash"}]}""", "bash_20250124 is a tool of Anthropic's")]
    [InlineData("""{HELLO, "tools": [{"name": "a"}]}""", "'tools[0].input_schema' is missing")]
    [InlineData("""{HELLO, "tool_choice": {"type": "any"}}""", "the request has no tools")]
    [InlineData("""{HELLO, "tool_choice": {"type": "some"}}""", "some is not known")]
    [InlineData("""
        {HELLO, "tools": [{"name": "a", "input_schema": {"type": "object"}}], "tool_choice": {"type": "tool", "name": "b"}}
        """, "There is no tool b")]
    [InlineData("""{HELLO, "thinking": {"type": "enabled"}}""", "'thinking.budget_tokens' is missing")]
    [InlineData("""{HELLO, "thinking": {"type": "deep"}}""", "deep is not known")]
    [InlineData("""{HELLO, "mcp_servers": [{"type": "url"}]}""", "'mcp_servers' is not supported")]
    [InlineData("""{HELLO, "output_config": {"format": {"type": "json_schema", "schema": {"$ref": "#/nowhere"}}}}""", "nowhere")]
    public async Task A_wrong_request_is_an_error_in_words(string json, string message)
    {
        await using var server = await TestServer.StartAsync();
        var (status, body) = await server.PostAsync("/v1/messages", json.Replace("HELLO", Hello, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("error", (string?)body["type"]);
        Assert.Equal("invalid_request_error", (string?)body["error"]!["type"]);
        Assert.Contains(message, (string?)body["error"]!["message"]);
        Assert.NotEmpty((string)body["request_id"]!);
    }

    [Fact]
    public async Task Known_fields_that_change_nothing_here_are_accepted()
    {
        await using var server = await TestServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages")
        {
            Content = new StringContent("""
                {"model": "claude-any", "max_tokens": 4, "cache_control": {"type": "ephemeral"}, "metadata": {"user_id": "u"}, "service_tier": "auto",
                 "context_management": {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]}, "top_k": 5, "top_p": 0.9, "temperature": 1,
                 "system": [{"type": "text", "text": "You tell stories.", "cache_control": {"type": "ephemeral", "ttl": "1h"}}],
                 "tools": [{"name": "a", "type": "custom", "strict": true, "input_schema": {"type": "object"}, "cache_control": {"type": "ephemeral"}}],
                 "messages": [{"role": "user", "content": [{"type": "text", "text": "Hello", "cache_control": {"type": "ephemeral"}}]}]}
                """, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("anthropic-version", "2023-06-01");
        request.Headers.Add("anthropic-beta", "some-beta-2026-01-01");
        request.Headers.Add("x-api-key", "any");
        using var response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.NotEmpty(response.Headers.GetValues("request-id").Single());
    }

    [Fact]
    public async Task A_conversation_longer_than_the_context_is_refused_by_its_numbers()
    {
        await using var server = await TestServer.StartAsync();
        var text = string.Concat(Enumerable.Repeat("once upon a time ", 300));
        var (status, body) = await server.PostAsync(
            "/v1/messages", $$"""{"max_tokens": 5, "stream": true, "messages": [{"role": "user", "content": "{{text}}"}]}""");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("invalid_request_error", (string?)body["error"]!["type"]);
        Assert.Matches(@"^prompt is too long: \d+ tokens > 512 maximum", (string?)body["error"]!["message"]);
    }

    [Fact]
    public async Task A_large_body_is_refused()
    {
        await using var server = await TestServer.StartAsync(options => options.MaxRequestBytes = 1000);
        var (status, body) = await server.PostAsync(
            "/v1/messages", $$"""{"max_tokens": 5, "padding": "{{new string('a', 2000)}}"}""");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.Equal("request_too_large", (string?)body["error"]!["type"]);
    }

    [Fact]
    public async Task A_full_queue_is_an_overload()
    {
        await using var server = await TestServer.StartAsync(options =>
        {
            var model = options.Models[0].Model;
            model.MaxConcurrentAnswers = 1;
            model.Engine = engine => engine with { MaxQueuedAnswers = 0 };
        });
        var long_ = """{"max_tokens": 400, "ignore_eos": true, "stream": true, "messages": [{"role": "user", "content": "Hello"}]}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages") { Content = new StringContent(long_, Encoding.UTF8, "application/json") };
        using var running = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        var (status, body) = await server.PostAsync("/v1/messages", $$"""{{{Hello}}}""");
        Assert.Equal(529, (int)status);
        Assert.Equal("overloaded_error", (string?)body["error"]!["type"]);
    }
}
