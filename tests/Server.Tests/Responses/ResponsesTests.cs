using System.Net;
using System.Text.Json.Nodes;

namespace ArchGen.Server.Tests.Responses;

public sealed class ResponsesTests
{
    private const string Weather = """
        {"type": "function", "name": "weather", "strict": true, "parameters": {
          "type": "object", "properties": {"city": {"enum": ["Rome", "Oslo"]}}, "required": ["city"], "additionalProperties": false}}
        """;

    private const string News = """{"type": "function", "name": "news", "parameters": {"type": "object", "properties": {}}}""";

    [Theory]
    [InlineData("/v1/responses")]
    [InlineData("/responses")]
    public async Task A_response_has_all_fields(string path)
    {
        await using var server = await TestServer.StartAsync();
        var (status, body) = await server.PostAsync(path, """
            {"model": "gpt-any", "input": "Once upon a time", "instructions": "You tell stories.", "max_output_tokens": 8, "metadata": {"a": "b"},
             "store": true, "user": "u", "temperature": 0.5, "top_p": 0.9}
            """);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("response", (string?)body["object"]);
        Assert.StartsWith("resp_", (string?)body["id"]);
        Assert.Equal("gpt-any", (string?)body["model"]);
        Assert.Equal("incomplete", (string?)body["status"]);
        Assert.Equal("max_output_tokens", (string?)body["incomplete_details"]!["reason"]);
        var item = body["output"]!.AsArray().Single()!;
        Assert.StartsWith("msg_", (string?)item["id"]);
        Assert.Equal(("message", "assistant", "incomplete"), ((string?)item["type"], (string?)item["role"], (string?)item["status"]));
        Assert.Equal("output_text", (string?)item["content"]![0]!["type"]);
        Assert.NotEmpty((string)item["content"]![0]!["text"]!);
        Assert.Equal(8, (int)body["usage"]!["output_tokens"]!);
        Assert.Equal(0, (int)body["usage"]!["output_tokens_details"]!["reasoning_tokens"]!);
        Assert.Equal((int)body["usage"]!["input_tokens"]! + 8, (int)body["usage"]!["total_tokens"]!);
        Assert.Equal("b", (string?)body["metadata"]!["a"]);
        Assert.False((bool)body["store"]!);
        Assert.Equal("disabled", (string?)body["truncation"]);
        Assert.Equal("You tell stories.", (string?)body["instructions"]);
        Assert.Equal("text", (string?)body["text"]!["format"]!["type"]);
        Assert.Equal(0.5f, (float)body["temperature"]!);
        Assert.NotNull(body["seed"]);
    }

    [Fact]
    public async Task The_events_make_the_response()
    {
        await using var server = await TestServer.StartAsync();
        const string request = """
            "input": [{"role": "user", "content": [{"type": "input_text", "text": "Once upon a time"}]}], "temperature": 0, "max_output_tokens": 12
            """;
        var stream = await ServerEvents.PostAsync(server, "/v1/responses", $$"""{"stream": true, {{request}}}""");
        Assert.All(stream.Events, next => Assert.Equal(next.Name, (string?)next.Data["type"]));
        Assert.Equal(Enumerable.Range(0, stream.Events.Count), stream.Events.Select(next => (int)next.Data["sequence_number"]!));
        Assert.Equal(
            ["response.created", "response.in_progress", "response.output_item.added", "response.content_part.added", "response.output_text.delta",
                "response.output_text.done", "response.content_part.done", "response.output_item.done", "response.incomplete"],
            stream.Names.Distinct());
        var (_, whole) = await server.PostAsync("/v1/responses", $$"""{{{request}}}""");
        var text = (string?)whole["output"]![0]!["content"]![0]!["text"];
        Assert.Equal(text, string.Concat(stream.Of("response.output_text.delta").Select(next => (string?)next["delta"])));
        Assert.Equal(text, (string?)stream.Of("response.output_text.done").Single()["text"]);
        var item = stream.Of("response.output_item.done").Single()["item"]!;
        Assert.All(stream.Of("response.output_text.delta"), next => Assert.Equal((string?)item["id"], (string?)next["item_id"]));
        var last = stream.Events[^1].Data["response"]!;
        Assert.True(JsonNode.DeepEquals(item, last["output"]![0]));
        Assert.Equal((string?)stream.Events[0].Data["response"]!["id"], (string?)last["id"]);
        Assert.Equal(12, (int)last["usage"]!["output_tokens"]!);
    }

    [Theory]
    [InlineData("\"required\"", "weather|news")]
    [InlineData("""{"type": "function", "name": "weather"}""", "weather")]
    [InlineData("""{"type": "allowed_tools", "mode": "required", "tools": [{"type": "function", "name": "news"}]}""", "news")]
    public async Task A_required_call_is_made(string choice, string names)
    {
        await using var server = await TestServer.StartAsync();
        var stream = await ServerEvents.PostAsync(server, "/v1/responses", $$"""
            {"input": "How is the weather?", "stream": true, "tools": [{{Weather}}, {{News}}], "tool_choice": {{choice}}, "parallel_tool_calls": false,
             "max_output_tokens": 200}
            """);
        Assert.Equal("response.completed", stream.Events[^1].Name);
        var item = stream.Events[^1].Data["response"]!["output"]!.AsArray().Single()!;
        Assert.Equal(("function_call", "completed"), ((string?)item["type"], (string?)item["status"]));
        Assert.StartsWith("fc_", (string?)item["id"]);
        Assert.StartsWith("call_", (string?)item["call_id"]);
        Assert.Contains((string?)item["name"], names.Split('|'));
        var arguments = (string?)stream.Of("response.function_call_arguments.done").Single()["arguments"];
        Assert.Equal(arguments, (string?)item["arguments"]);
        Assert.True(stream.Of("response.function_call_arguments.delta").Count() > 2, "The arguments came at once.");
        Assert.Equal(arguments, string.Concat(stream.Of("response.function_call_arguments.delta").Select(next => (string?)next["delta"])));
        if ((string?)item["name"] == "weather") Assert.Contains((string?)JsonNode.Parse(arguments!)!["city"], (string[])["Rome", "Oslo"]);
    }

    [Theory]
    [InlineData("", "content", "response.reasoning_text.delta")]
    [InlineData(""", "reasoning": {"summary": "auto"}""", "summary", "response.reasoning_summary_text.delta")]
    public async Task Thinking_is_an_item_of_its_own(string fields, string list, string name)
    {
        await using var server = await TestTemplates.ServeAsync(TestTemplates.Thinking);
        var stream = await ServerEvents.PostAsync(server, "/v1/responses", $$"""
            {"input": "Once upon a time", "stream": true, "ignore_eos": true, "max_output_tokens": 60, "reasoning_budget_tokens": 10 {{fields}}}
            """);
        var response = stream.Events[^1].Data["response"]!;
        Assert.Equal(["reasoning", "message"], response["output"]!.AsArray().Select(item => (string?)item!["type"]));
        Assert.StartsWith("rs_", (string?)response["output"]![0]!["id"]);
        var thought = (string?)response["output"]![0]![list]![0]!["text"];
        Assert.Equal(thought, string.Concat(stream.Of(name).Select(next => (string?)next["delta"])));
        // What ends the thinking is up to eleven tokens of this vocabulary.
        Assert.InRange((int)response["usage"]!["output_tokens_details"]!["reasoning_tokens"]!, 10, 10 + 11);
    }

    [Fact]
    public async Task Thinking_that_is_not_wanted_is_not_there()
    {
        await using var server = await TestTemplates.ServeAsync(TestTemplates.Thinking);
        var (_, body) = await server.PostAsync("/v1/responses", """{"input": "Once upon a time", "max_output_tokens": 20, "reasoning": {"effort": "none"}}""");
        Assert.Equal(["message"], body["output"]!.AsArray().Select(item => (string?)item!["type"]));
    }

    [Fact]
    public async Task A_format_is_enforced()
    {
        await using var server = await TestServer.StartAsync();
        var (_, body) = await server.PostAsync("/v1/responses", """
            {"input": "A colour?", "max_output_tokens": 200, "seed": 1, "text": {"format": {"type": "json_schema", "name": "colour", "schema": {
              "type": "object", "properties": {"colour": {"enum": ["red", "blue"]}}, "required": ["colour"]}}}}
            """);
        Assert.Equal("completed", (string?)body["status"]);
        var json = JsonNode.Parse((string)body["output"]![0]!["content"]![0]!["text"]!)!;
        Assert.Contains((string?)json["colour"], (string[])["red", "blue"]);
    }

    [Fact]
    public async Task Each_token_has_its_probability()
    {
        await using var server = await TestServer.StartAsync();
        var stream = await ServerEvents.PostAsync(server, "/v1/responses", """
            {"input": "Once upon a time", "stream": true, "temperature": 0, "max_output_tokens": 6, "ignore_eos": true, "top_logprobs": 3}
            """);
        var all = stream.Of("response.output_text.done").Single()["logprobs"]!.AsArray();
        Assert.Equal(6, all.Count);
        Assert.Equal(6, stream.Of("response.output_text.delta").Sum(next => next["logprobs"]!.AsArray().Count));
        Assert.All(all, token =>
        {
            Assert.Equal(3, token!["top_logprobs"]!.AsArray().Count);
            Assert.Equal((string?)token["token"], (string?)token["top_logprobs"]![0]!["token"]);
            Assert.True((float)token["logprob"]! <= 0);
        });
        Assert.Equal(
            (string?)stream.Of("response.output_text.done").Single()["text"], string.Concat(all.Select(token => (string?)token!["token"])));
    }

    [Fact]
    public async Task What_llama_cpp_adds_is_there_for_those_who_ask()
    {
        await using var server = await TestServer.StartAsync();
        var text = string.Concat(Enumerable.Repeat("once upon a time ", 20));
        var stream = await ServerEvents.PostAsync(server, "/responses", $$"""
            {"input": "{{text}}", "stream": true, "max_output_tokens": 8, "timings_per_token": true, "return_progress": true}
            """);
        var progress = stream.Events.Where(next => next.Data["prompt_progress"] is not null).ToList();
        Assert.NotEmpty(progress);
        Assert.All(progress, next => Assert.Equal("response.in_progress", next.Name));
        Assert.Equal((int)progress[^1].Data["prompt_progress"]!["total"]!, (int)progress[^1].Data["prompt_progress"]!["processed"]!);
        Assert.All(stream.Of("response.output_text.delta"), next => Assert.NotNull(next["timings"]!["predicted_per_second"]));
        Assert.Equal("response.completed", stream.Events[^1].Name);
        Assert.Equal(8, (int)stream.Events[^1].Data["timings"]!["predicted_n"]!);
    }

    [Fact]
    public async Task Tokens_are_counted_as_they_are_used()
    {
        await using var server = await TestServer.StartAsync();
        const string request = """ "input": "Once upon a time", "instructions": "You tell stories." """;
        var (_, counted) = await server.PostAsync("/v1/responses/input_tokens", $$"""{{{request}}}""");
        var (_, used) = await server.PostAsync("/v1/responses", $$"""{"max_output_tokens": 1, {{request}}}""");
        Assert.Equal("response.input_tokens", (string?)counted["object"]);
        Assert.Equal((int)used["usage"]!["input_tokens"]!, (int)counted["input_tokens"]!);
    }
}
