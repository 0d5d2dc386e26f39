using System.Net;
using System.Text.Json.Nodes;

namespace ArchGen.Server.Tests.OpenAI;

public sealed class RequestErrorTests
{
    private const string User = """[{"role": "user", "content": "Hi"}]""";

    public static TheoryData<string, string> WrongChats => new()
    {
        { """{}""", "'messages' is missing" },
        { """{"messages": "text"}""", "'messages' is a string" },
        { """{"messages": []}""", "'messages' is empty" },
        { """{"messages": [123]}""", "'messages[0]' is the number 123" },
        { """{"messages": [{}]}""", "'messages[0].role' is missing" },
        { """{"messages": [{"role": 123}]}""", "'messages[0].role' is the number 123" },
        { """{"messages": [{"role": "robot", "content": ""}]}""", "'messages[0].role' is 'robot'" },
        { """{"messages": [{"role": "user"}]}""", "'messages[0].content' is missing" },
        { """{"messages": [{"role": "user", "content": 7}]}""", "'messages[0].content' is the number 7" },
        { """{"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}""", "'messages[0].content[0].type' is not supported" },
        { """{"messages": [{"role": "user", "content": [{"type": "input_audio"}]}]}""", "'messages[0].content[0].type' is not supported" },
        {
            """{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, {"role": "assistant", "content": "c"}]}""",
            "'messages' ends with two messages of the assistant"
        },
        { $$"""{"messages": {{User}}, "continue_final_message": true}""", "'continue_final_message' is true" },
        {
            """{"messages": [{"role": "assistant", "content": "b"}], "continue_final_message": true, "add_generation_prompt": true}""",
            "'continue_final_message' and 'add_generation_prompt' exclude each other"
        },
        { $$"""{"messages": {{User}}, "n": 0}""", "'n' is 0" },
        { $$"""{"messages": {{User}}, "n": 1000}""", "'n' is 1000" },
        { $$"""{"messages": {{User}}, "max_tokens": "many"}""", "'max_tokens' is a string" },
        { $$"""{"messages": {{User}}, "temperature": -1}""", "'temperature' is -1" },
        { $$"""{"messages": {{User}}, "stop": 3}""", "'stop' is the number 3" },
        { $$"""{"messages": {{User}}, "stream": "yes"}""", "'stream' is a string" },
        { $$"""{"messages": {{User}}, "top_logprobs": 3}""", "'top_logprobs' needs 'logprobs'" },
        { $$"""{"messages": {{User}}, "logprobs": true, "top_logprobs": 101}""", "'top_logprobs' is 101" },
        { $$"""{"messages": {{User}}, "functions": [{"name": "f"}]}""", "'functions' is not supported" },
        { $$"""{"messages": {{User}}, "modalities": ["text", "audio"]}""", "'modalities' is not supported" },
        { $$"""{"messages": {{User}}, "lora": [{"id": 0, "scale": 1}]}""", "'lora[0].id' is 0" },
        { $$"""{"messages": {{User}}, "use_beam_search": true}""", "'use_beam_search' is not supported" },
        { $$"""{"messages": {{User}}, "reasoning_format": "loud"}""", "'reasoning_format' is 'loud'" },
        { $$"""{"messages": {{User}}, "chat_template_kwargs": {"enable_thinking": "yes"} }""", "'chat_template_kwargs.enable_thinking' is a string" },
    };

    [Theory]
    [MemberData(nameof(WrongChats))]
    public async Task A_wrong_chat_request_is_refused_with_its_place(string json, string message)
    {
        await using var server = await TestServer.StartAsync();
        await AssertRefused(server, "/v1/chat/completions", json, message);
    }

    [Theory]
    [InlineData("""{}""", "'prompt' is missing")]
    [InlineData("""{"prompt": 5}""", "'prompt' is the number 5")]
    [InlineData("""{"prompt": {}}""", "'prompt.prompt_string' is missing")]
    [InlineData("""{"prompt": [[1, 2], [1, true]]}""", "'prompt[1][1]' is true")]
    [InlineData("""{"prompt": [1, 70000]}""", "'prompt[1]' is 70000")]
    [InlineData("""{"prompt": "a", "echo": true}""", "Only no echo is supported")]
    [InlineData("""{"prompt": "a", "best_of": 3}""", "Unsupported param: best_of")]
    [InlineData("""{"prompt": "a", "suffix": "b"}""", "Unsupported param: suffix")]
    [InlineData("""{"prompt": ["a", "b", "c"], "n": 100}""", "3 prompts with 100 answers each")]
    [InlineData("""{"prompt": "a", "prompt_logprobs": 1}""", "'prompt_logprobs' is not supported")]
    public async Task A_wrong_completion_request_is_refused_with_its_place(string json, string message)
    {
        await using var server = await TestServer.StartAsync();
        await AssertRefused(server, "/v1/completions", json, message);
    }

    [Fact]
    public async Task Fields_that_nobody_knows_are_accepted()
    {
        await using var server = await TestServer.StartAsync();
        var (status, _) = await server.PostAsync("/v1/chat/completions", $$"""
            {"messages": {{User}}, "max_tokens": 1, "user": "me", "store": false, "metadata": {"a": "b"}, "no_such_field": [1], "prediction": null,
             "use_beam_search": false, "functions": [], "lora": [], "modalities": ["text"], "min_tokens": 0, "function_call": "none"}
            """);
        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_prompt_beyond_the_context_is_refused_with_both_numbers(bool isStreamed)
    {
        await using var server = await TestServer.StartAsync(options => options.Models[0] = TestServer.Stories(contextLength: 64));
        var text = string.Join(' ', Enumerable.Repeat("word", 100));
        var (status, body) = await server.PostAsync("/v1/chat/completions", new JsonObject
        {
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = text }), ["stream"] = isStreamed,
        }.ToJsonString());
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("exceed_context_size_error", (string?)body["error"]!["type"]);
        Assert.Equal(400, (int)body["error"]!["code"]!);
        Assert.True((int)body["error"]!["n_prompt_tokens"]! > 64);
        Assert.Equal(64, (int)body["error"]!["n_ctx"]!);
    }

    [Fact]
    public async Task An_unknown_model_among_several_is_not_found()
    {
        await using var server = await TestServer.StartAsync(options => options.Models.Add(TestServer.Stories("second")));
        var (status, body) = await server.PostAsync("/v1/chat/completions", $$"""{"model": "third", "messages": {{User}}}""");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal("not_found_error", (string?)body["error"]!["type"]);
        Assert.Equal("model", (string?)body["error"]!["param"]);
    }

    [Fact]
    public async Task What_the_model_cannot_do_is_not_supported()
    {
        await using var server = await TestServer.StartAsync();
        var (status, body) = await server.PostAsync("/v1/embeddings", """{"input": "a"}""");
        Assert.Equal(HttpStatusCode.NotImplemented, status);
        Assert.Equal("not_supported_error", (string?)body["error"]!["type"]);
        // Clients need not know where files are.
        Assert.StartsWith("stories260K: key llama.pooling_type is missing", (string?)body["error"]!["message"]);
    }

    [Fact]
    public async Task A_full_queue_tells_when_to_try_again()
    {
        await using var server = await TestServer.StartAsync(options =>
        {
            options.Models[0].Model.MaxConcurrentAnswers = 1;
            options.Models[0].Model.Engine = engine => engine with { MaxQueuedAnswers = 0 };
        });
        // More answers at once than can run.
        var (status, body) = await server.PostAsync("/v1/completions", """{"prompt": ["a", "b", "c"], "max_tokens": 400, "ignore_eos": true}""");
        Assert.Equal(HttpStatusCode.TooManyRequests, status);
        Assert.Equal("rate_limit_error", (string?)body["error"]!["type"]);
    }

    private static async Task AssertRefused(TestServer server, string path, string json, string message)
    {
        var (status, body) = await server.PostAsync(path, json);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        var error = body["error"]!;
        Assert.StartsWith(message, (string?)error["message"]);
        Assert.Equal("invalid_request_error", (string?)error["type"]);
        Assert.Equal(400, (int)error["code"]!);
        if (message.StartsWith('\'')) Assert.Equal(message[1..message.IndexOf('\'', 1)], (string?)error["param"]);
    }
}
