using System.Net;
using System.Text.Json.Nodes;

namespace ArchGen.Server.Tests.OpenAI;

public sealed class ToolCallTests
{
    private const string Path = "/v1/chat/completions";
    private const string User = """[{"role": "user", "content": "Where is the ball?"}]""";
    private const string Tools = """
        [{"type": "function", "function": {"name": "find", "description": "Finds a thing.", "parameters":
          {"type": "object", "properties": {"thing": {"enum": ["ball", "cat"]}}, "required": ["thing"]}}},
         {"type": "function", "function": {"name": "count", "parameters":
          {"type": "object", "properties": {"upTo": {"type": "integer", "minimum": 1, "maximum": 3}}, "required": ["upTo"]}}}]
        """;

    [Fact]
    public async Task A_required_call_has_the_form_that_clients_read()
    {
        // The model likes to write as many spaces as it may.
        await using var server = await TestServer.StartAsync(options => options.Models[0] = TestServer.Stories(contextLength: 2048));
        var (status, body) = await server.PostAsync(Path, Request(""" "tool_choice": "required", "seed": 1, "parallel_tool_calls": false """));
        Assert.Equal(HttpStatusCode.OK, status);
        var choice = body["choices"]![0]!;
        Assert.Equal("tool_calls", (string?)choice["finish_reason"]);
        Assert.Null(choice["message"]!["content"]);
        var call = choice["message"]!["tool_calls"]![0]!;
        Assert.Equal("function", (string?)call["type"]);
        Assert.Matches("^call_[A-Za-z0-9]{9}$", (string?)call["id"]);
        Assert.Contains((string?)call["function"]!["name"], (string[])["find", "count"]);
        // The arguments are JSON as text.
        Assert.Single(JsonNode.Parse((string)call["function"]!["arguments"]!)!.AsObject());
    }

    [Theory]
    [InlineData("find", "thing")]
    [InlineData("count", "upTo")]
    public async Task A_named_tool_is_enforced(string name, string argument)
    {
        // The model likes to write as many spaces as it may.
        await using var server = await TestServer.StartAsync(options => options.Models[0] = TestServer.Stories(contextLength: 2048));
        var choice = $$""" "tool_choice": {"type": "function", "function": {"name": "{{name}}"} } """;
        for (var seed = 1; seed <= 3; seed++)
        {
            var (_, body) = await server.PostAsync(Path, Request($$"""{{choice}}, "temperature": 1, "seed": {{seed}}, "parallel_tool_calls": false"""));
            var calls = body["choices"]![0]!["message"]!["tool_calls"];
            Assert.True(calls is not null, body.ToJsonString());
            var call = Assert.Single(calls.AsArray())!["function"]!;
            Assert.Equal(name, (string?)call["name"]);
            Assert.Equal([argument], JsonNode.Parse((string)call["arguments"]!)!.AsObject().Select(property => property.Key));
        }
    }

    [Fact]
    public async Task A_stream_of_calls_says_the_same_as_the_whole_answer()
    {
        await using var server = await TestServer.StartAsync();
        var fields = """ "tool_choice": "required", "temperature": 1, "seed": 4 """;
        var (_, body) = await server.PostAsync(Path, Request(fields));
        var events = await server.StreamAsync(Path, Request(fields + ""","stream": true"""));
        var whole = body["choices"]![0]!["message"]!["tool_calls"]!.AsArray();
        var deltas = events.SelectMany(each => each["choices"]!.AsArray()).SelectMany(choice => choice!["delta"]!["tool_calls"]?.AsArray() ?? []).ToList();
        for (var i = 0; i < whole.Count; i++)
        {
            var own = deltas.Where(delta => (int)delta!["index"]! == i).ToList();
            // The name comes first, once; then the arguments, in several pieces.
            Assert.Equal(["id", "type", "function"], own[0]!.AsObject().Select(field => field.Key).Except(["index"]));
            Assert.Equal("function", (string?)own[0]!["type"]);
            Assert.StartsWith("call_", (string?)own[0]!["id"]);
            Assert.Equal((string?)whole[i]!["function"]!["name"], (string?)own[0]!["function"]!["name"]);
            Assert.Equal("", (string?)own[0]!["function"]!["arguments"]);
            Assert.All(own.Skip(1), delta => Assert.Equal(["index", "function"], delta!.AsObject().Select(field => field.Key)));
            Assert.Equal((string?)whole[i]!["function"]!["arguments"], string.Concat(own.Select(delta => (string?)delta!["function"]!["arguments"])));
            Assert.True(own.Count > 3, "The arguments came at once.");
        }

        Assert.Equal(deltas.Select(delta => (int)delta!["index"]!), deltas.Select(delta => (int)delta!["index"]!).Order());
        Assert.Equal(whole.Count, deltas.Count(delta => delta!["id"] is not null));
        Assert.Equal("tool_calls", (string?)events[^1]["choices"]![0]!["finish_reason"]);
    }

    [Fact]
    public async Task The_results_of_calls_reach_the_model()
    {
        await using var server = await TestServer.StartAsync();
        var (status, body) = await server.PostAsync(Path, """
            {"messages": [{"role": "user", "content": "a"},
              {"role": "assistant", "content": null, "tool_calls": [
                {"id": "call_1", "type": "function", "function": {"name": "find", "arguments": "{\"thing\": \"cat\"}"}}]},
              {"role": "tool", "tool_call_id": "call_1", "content": "on the mat"}], "max_tokens": 2, "verbose": true}
            """);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("""<call>{"name": "find", "arguments": {"thing": "cat"}}</call>""", (string?)body["__verbose"]!["prompt"]);
        Assert.Contains("tool: on the mat", (string?)body["__verbose"]!["prompt"]);
    }

    [Fact]
    public async Task Forbidden_tools_are_not_shown()
    {
        await using var server = await TestServer.StartAsync();
        var (_, body) = await server.PostAsync(Path, Request(""" "tool_choice": "none", "verbose": true""", maxTokens: 4));
        Assert.DoesNotContain("[tools]", (string?)body["__verbose"]!["prompt"]);
        Assert.Null(body["choices"]![0]!["message"]!["tool_calls"]);
    }

    [Fact]
    public async Task A_tool_whose_schema_cannot_be_enforced_is_named_in_a_warning()
    {
        await using var server = await TestServer.StartAsync();
        var (status, body) = await server.PostAsync(Path, $$"""
            {"messages": {{User}}, "max_tokens": 4, "tools": [{"type": "function", "function": {"name": "odd", "parameters":
             {"type": "object", "properties": {"a": {"type": "array", "uniqueItems": true, "items": {"type": "string"} } } } } }] }
            """);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("odd", (string?)Assert.Single(body["warnings"]!.AsArray()));
    }

    // The first token of an answer must be a bracket here, so the model begins a call and cannot end it.
    [Fact]
    public async Task A_text_that_looks_like_a_call_and_is_none_is_kept_with_a_warning()
    {
        await using var server = await TestServer.StartAsync();
        var request = Request(""" "tool_choice": "required" """, maxTokens: 6);
        var (_, body) = await server.PostAsync(Path, request);
        var message = body["choices"]![0]!["message"]!;
        Assert.StartsWith("<call>", (string?)message["content"]);
        Assert.Null(message["tool_calls"]);
        Assert.Equal("length", (string?)body["choices"]![0]!["finish_reason"]);
        Assert.Contains("looks like a call", (string?)Assert.Single(body["warnings"]!.AsArray()));
    }

    [Fact]
    public async Task A_call_that_is_cut_has_the_arguments_that_came_and_a_warning()
    {
        await using var server = await TestServer.StartAsync();
        // Deterministic: the whole answer is cut at each place in turn.
        var fields = """ "tool_choice": "required", "temperature": 0, "parallel_tool_calls": false """;
        var tokens = 4;
        JsonNode body, call;
        do
        {
            (_, body) = await server.PostAsync(Path, Request(fields, tokens++));
            call = body["choices"]![0]!["message"]!["tool_calls"]?[0]!;
        }
        while (call is null && tokens < 100);
        Assert.Equal("length", (string?)body["choices"]![0]!["finish_reason"]);
        Assert.StartsWith("{", (string?)call!["function"]!["arguments"]);
        Assert.Contains("arguments are not complete", (string?)Assert.Single(body["warnings"]!.AsArray()));
        var events = await server.StreamAsync(Path, Request(fields + ""","stream": true""", tokens - 1));
        var deltas = events.SelectMany(each => each["choices"]!.AsArray()).SelectMany(choice => choice!["delta"]!["tool_calls"]?.AsArray() ?? []);
        Assert.Equal((string?)call["function"]!["arguments"], string.Concat(deltas.Select(delta => (string?)delta!["function"]!["arguments"])));
    }

    [Theory]
    [InlineData(""" "tool_choice": "sometimes" """, "'tool_choice' is 'sometimes'")]
    [InlineData(""" "tool_choice": {"type": "function", "function": {"name": "lost"}} """, "'tool_choice.function.name' is 'lost'")]
    [InlineData(""" "tool_choice": {"type": "custom"} """, "'tool_choice.type' is not supported")]
    public async Task An_unknown_choice_is_refused(string field, string message)
    {
        await using var server = await TestServer.StartAsync();
        var (status, body) = await server.PostAsync(Path, Request(field));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith(message, (string?)body["error"]!["message"]);
    }

    [Theory]
    [InlineData("""[{"type": "web_search"}]""", "'tools[0].type' is not supported")]
    [InlineData("""[{"type": "function"}]""", "'tools[0].function' is missing")]
    [InlineData("""[{"type": "function", "function": {"name": "a b"}}]""", "'tools[0].function.name' is no name of a tool")]
    [InlineData("""[{"function": {"name": "a"}}, {"function": {"name": "a"}}]""", "'tools[1].function.name' is 'a'")]
    [InlineData("""[{"function": {"name": "a", "parameters": 3}}]""", "'tools[0].function.parameters' is the number 3")]
    public async Task A_wrong_tool_is_refused_with_its_place(string tools, string message)
    {
        await using var server = await TestServer.StartAsync();
        var (status, body) = await server.PostAsync(Path, $$"""{"messages": {{User}}, "tools": {{tools}}}""");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith(message, (string?)body["error"]!["message"]);
    }

    private static string Request(string fields, int maxTokens = 800) =>
        $$"""{"messages": {{User}}, "tools": {{Tools}}, "max_tokens": {{maxTokens}}, {{fields}}}""";
}
