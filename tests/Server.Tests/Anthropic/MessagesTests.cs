using System.Net;
using System.Text.Json.Nodes;

namespace ArchGen.Server.Tests.Anthropic;

public sealed class MessagesTests
{
    private const string Weather = """
        {"name": "weather", "description": "The weather of a city", "input_schema": {
          "type": "object", "properties": {"city": {"enum": ["Rome", "Oslo"]}, "days": {"type": "integer", "minimum": 1, "maximum": 9}},
          "required": ["city", "days"]}}
        """;

    [Fact]
    public async Task A_message_has_all_fields()
    {
        await using var server = await TestServer.StartAsync();
        var (status, body) = await server.PostAsync("/v1/messages", """
            {"model": "claude-any", "max_tokens": 8, "system": "You tell stories.", "messages": [{"role": "user", "content": "Once upon a time"}]}
            """);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("message", (string?)body["type"]);
        Assert.Equal("assistant", (string?)body["role"]);
        Assert.Equal("claude-any", (string?)body["model"]);
        Assert.StartsWith("msg_", (string?)body["id"]);
        Assert.Equal("max_tokens", (string?)body["stop_reason"]);
        Assert.Null(body["stop_sequence"]);
        Assert.Equal("text", (string?)body["content"]![0]!["type"]);
        Assert.NotEmpty((string)body["content"]![0]!["text"]!);
        Assert.Equal(8, (int)body["usage"]!["output_tokens"]!);
        Assert.True((int)body["usage"]!["input_tokens"]! > 0);
        Assert.Equal(0, (int)body["usage"]!["cache_creation_input_tokens"]!);
        foreach (var field in (string[])["stop_sequence", "stop_details", "container"]) Assert.True(body.AsObject().ContainsKey(field), field);
        Assert.False(body.AsObject().ContainsKey("timings"));
    }

    [Fact]
    public async Task Tokens_of_the_cache_are_counted_apart()
    {
        await using var server = await TestServer.StartAsync();
        const string request = """{"max_tokens": 4, "messages": [{"role": "user", "content": "Tell me of a dog and a cat"}]}""";
        var first = (await server.PostAsync("/v1/messages", request)).Body["usage"]!;
        var second = (await server.PostAsync("/v1/messages", request)).Body["usage"]!;
        Assert.Equal(0, (int)first["cache_read_input_tokens"]!);
        Assert.True((int)second["cache_read_input_tokens"]! > 0);
        Assert.Equal((int)first["input_tokens"]!, (int)second["input_tokens"]! + (int)second["cache_read_input_tokens"]!);
    }

    [Fact]
    public async Task A_stop_sequence_ends_the_answer_and_is_named()
    {
        await using var server = await TestServer.StartAsync();
        var (_, body) = await server.PostAsync("/v1/messages", """
            {"max_tokens": 200, "temperature": 0, "stop_sequences": [".", "!"], "messages": [{"role": "user", "content": "Once upon a time"}]}
            """);
        Assert.Equal("stop_sequence", (string?)body["stop_reason"]);
        Assert.Contains((string?)body["stop_sequence"], (string[])[".", "!"]);
        Assert.DoesNotContain('.', (string)body["content"]![0]!["text"]!);
    }

    [Fact]
    public async Task An_answer_that_fills_the_context_says_so()
    {
        await using var server = await TestServer.StartAsync(options =>
        {
            options.Models.Clear();
            options.Models.Add(TestServer.Stories(contextLength: 64));
        });
        var (_, body) = await server.PostAsync("/v1/messages", """
            {"max_tokens": 1000, "ignore_eos": true, "messages": [{"role": "user", "content": "Once upon a time"}]}
            """);
        Assert.Equal("model_context_window_exceeded", (string?)body["stop_reason"]);
    }

    [Fact]
    public async Task An_answer_is_continued_where_the_assistant_left_off()
    {
        await using var server = await TestServer.StartAsync();
        var (status, body) = await server.PostAsync("/v1/messages", """
            {"max_tokens": 4, "messages": [{"role": "user", "content": "A story?"}, {"role": "assistant", "content": "Once upon a"}]}
            """);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.DoesNotContain("Once upon a", (string)body["content"]![0]!["text"]!);
    }

    [Theory]
    [InlineData("""{"type": "any"}""")]
    [InlineData("""{"type": "tool", "name": "weather", "disable_parallel_tool_use": true}""")]
    public async Task A_required_call_follows_its_schema(string choice)
    {
        await using var server = await TestServer.StartAsync();
        var (status, body) = await server.PostAsync("/v1/messages", $$"""
            {"max_tokens": 300, "tools": [{{Weather}}], "tool_choice": {{choice}}, "messages": [{"role": "user", "content": "How is the weather?"}]}
            """);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("tool_use", (string?)body["stop_reason"]);
        var call = body["content"]![0]!;
        Assert.Equal("tool_use", (string?)call["type"]);
        Assert.Equal("weather", (string?)call["name"]);
        Assert.NotEmpty((string)call["id"]!);
        Assert.Contains((string?)call["input"]!["city"], (string[])["Rome", "Oslo"]);
        Assert.InRange((int)call["input"]!["days"]!, 1, 9);
        if (choice.Contains("disable_parallel", StringComparison.Ordinal)) Assert.Single(body["content"]!.AsArray());
    }

    [Fact]
    public async Task The_events_make_the_message()
    {
        await using var server = await TestServer.StartAsync();
        var stream = await ServerEvents.PostAsync(server, "/v1/messages", """
            {"max_tokens": 12, "temperature": 0, "stream": true, "messages": [{"role": "user", "content": "Once upon a time"}]}
            """);
        Assert.Equal("text/event-stream", stream.ContentType);
        Assert.All(stream.Events, next => Assert.Equal(next.Name, (string?)next.Data["type"]));
        Assert.Equal(
            ["message_start", "ping", "content_block_start", "content_block_delta", "content_block_stop", "message_delta", "message_stop"],
            stream.Names.Where((name, at) => at == 0 || name != stream.Events[at - 1].Name));
        var (_, whole) = await server.PostAsync("/v1/messages", """
            {"max_tokens": 12, "temperature": 0, "messages": [{"role": "user", "content": "Once upon a time"}]}
            """);
        Assert.Equal(
            (string?)whole["content"]![0]!["text"],
            string.Concat(stream.Of("content_block_delta").Select(next => (string?)next["delta"]!["text"])));
        var start = stream.Of("message_start").Single()["message"]!;
        Assert.Empty(start["content"]!.AsArray());
        Assert.Null(start["stop_reason"]);
        var end = stream.Of("message_delta").Single();
        Assert.Equal((string?)whole["stop_reason"], (string?)end["delta"]!["stop_reason"]);
        Assert.Equal(12, (int)end["usage"]!["output_tokens"]!);
        Assert.Equal(
            (int)start["usage"]!["input_tokens"]!, (int)end["usage"]!["input_tokens"]! + (int)end["usage"]!["cache_read_input_tokens"]!);
    }

    [Fact]
    public async Task Calls_come_as_events()
    {
        await using var server = await TestServer.StartAsync();
        var stream = await ServerEvents.PostAsync(server, "/v1/messages", $$"""
            {"max_tokens": 300, "stream": true, "tools": [{{Weather}}], "tool_choice": {"type": "any", "disable_parallel_tool_use": true},
             "messages": [{"role": "user", "content": "How is the weather?"}]}
            """);
        var block = stream.Of("content_block_start").Single()["content_block"]!;
        Assert.Equal("tool_use", (string?)block["type"]);
        Assert.Empty(block["input"]!.AsObject());
        var json = string.Concat(stream.Of("content_block_delta").Select(next => (string?)next["delta"]!["partial_json"]));
        Assert.InRange((int)JsonNode.Parse(json)!["days"]!, 1, 9);
        Assert.Equal("tool_use", (string?)stream.Of("message_delta").Single()["delta"]!["stop_reason"]);
    }

    [Fact]
    public async Task Thinking_is_a_block_of_its_own_within_its_budget()
    {
        await using var server = await TestTemplates.ServeAsync(TestTemplates.Thinking);
        var stream = await ServerEvents.PostAsync(server, "/v1/messages", """
            {"max_tokens": 60, "stream": true, "ignore_eos": true, "thinking": {"type": "enabled", "budget_tokens": 10},
             "messages": [{"role": "user", "content": "Once upon a time"}]}
            """);
        Assert.Equal(["thinking", "text"], stream.Of("content_block_start").Select(next => (string?)next["content_block"]!["type"]));
        Assert.Equal([0, 1], stream.Of("content_block_start").Select(next => (int)next["index"]!));
        Assert.Equal([0, 1], stream.Of("content_block_stop").Select(next => (int)next["index"]!));
        var deltas = stream.Of("content_block_delta").Select(next => (string)next["delta"]!["type"]!).ToList();
        Assert.Equal(["thinking_delta", "signature_delta", "text_delta"], deltas.Distinct());
        var usage = stream.Of("message_delta").Single()["usage"]!;
        // What ends the thinking is up to eleven tokens of this vocabulary.
        Assert.InRange((int)usage["output_tokens_details"]!["thinking_tokens"]!, 10, 10 + 11);
    }

    [Fact]
    public async Task Thinking_that_is_not_wanted_is_not_there()
    {
        await using var server = await TestTemplates.ServeAsync(TestTemplates.Thinking);
        var (_, disabled) = await server.PostAsync("/v1/messages", """
            {"max_tokens": 20, "thinking": {"type": "disabled"}, "messages": [{"role": "user", "content": "Once upon a time"}]}
            """);
        Assert.Equal(["text"], disabled["content"]!.AsArray().Select(block => (string?)block!["type"]));
        Assert.Equal(0, (int)disabled["usage"]!["output_tokens_details"]!["thinking_tokens"]!);
        // The template ends the thinking by itself.
        Assert.True(await CountAsync("disabled") > await CountAsync("adaptive"));
        var (_, omitted) = await server.PostAsync("/v1/messages", """
            {"max_tokens": 60, "ignore_eos": true, "thinking": {"type": "enabled", "budget_tokens": 10, "display": "omitted"},
             "messages": [{"role": "user", "content": "Once upon a time"}]}
            """);
        Assert.Equal("", (string?)omitted["content"]![0]!["thinking"]);
        Assert.NotEmpty((string)omitted["content"]![0]!["signature"]!);

        async Task<int> CountAsync(string type)
        {
            var (_, counted) = await server.PostAsync("/v1/messages/count_tokens", $$"""
                {"thinking": {"type": "{{type}}"}, "messages": [{"role": "user", "content": "Once upon a time"}]}
                """);
            return (int)counted["input_tokens"]!;
        }
    }

    [Fact]
    public async Task A_format_is_enforced()
    {
        await using var server = await TestServer.StartAsync();
        var (_, body) = await server.PostAsync("/v1/messages", """
            {"max_tokens": 200, "seed": 1, "messages": [{"role": "user", "content": "A colour?"}],
             "output_config": {"format": {"type": "json_schema", "schema": {
               "type": "object", "properties": {"colour": {"enum": ["red", "blue"]}}, "required": ["colour"]}}}}
            """);
        var json = JsonNode.Parse((string)body["content"]![0]!["text"]!)!;
        Assert.Contains((string?)json["colour"], (string[])["red", "blue"]);
    }
}
