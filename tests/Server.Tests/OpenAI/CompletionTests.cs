using System.Net;

namespace ArchGen.Server.Tests.OpenAI;

public sealed class CompletionTests
{
    private const string Path = "/v1/completions";

    [Fact]
    public async Task A_text_is_continued()
    {
        await using var server = await TestServer.StartAsync();
        var (status, body) = await server.PostAsync(
            Path, """{"model": "davinci-002", "prompt": "Once upon a time", "max_tokens": 8, "temperature": 0, "seed": 9}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.StartsWith("cmpl-", (string?)body["id"]);
        Assert.Equal("text_completion", (string?)body["object"]);
        Assert.StartsWith("b", (string?)body["system_fingerprint"]);
        var choice = Assert.Single(body["choices"]!.AsArray())!;
        Assert.StartsWith(", there was", (string?)choice["text"]);
        Assert.Equal("length", (string?)choice["finish_reason"]);
        Assert.Null(choice["logprobs"]);
        Assert.Equal(5, (int)body["usage"]!["prompt_tokens"]!);
        Assert.Equal(8, (int)body["usage"]!["completion_tokens"]!);
        Assert.Equal(9, (long)body["seed"]!);
        Assert.Equal(8, (int)body["timings"]!["predicted_n"]!);
    }

    [Fact]
    public async Task Texts_tokens_and_both_mixed_are_prompts()
    {
        await using var server = await TestServer.StartAsync();
        var prompts = """ ["Once upon a time", [1, 403, 407, 261, 378], [1, 403, " upon a time"], {"prompt_string": "Once upon a time"}] """;
        var (_, body) = await server.PostAsync(Path, $$"""{"prompt": {{prompts}}, "max_tokens": 6, "temperature": 0}""");
        var texts = body["choices"]!.AsArray().Select(choice => (string)choice!["text"]!).ToList();
        Assert.Equal(4, texts.Count);
        Assert.Equal(texts[0], texts[1]);
        Assert.Equal(texts[0], texts[3]);
        Assert.Equal(24, (int)body["usage"]!["completion_tokens"]!);
        var (_, single) = await server.PostAsync(Path, """{"prompt": [1, 403, 407, 261, 378], "max_tokens": 6, "temperature": 0}""");
        Assert.Equal(texts[0], (string?)Assert.Single(single["choices"]!.AsArray())!["text"]);
    }

    [Fact]
    public async Task Several_answers_to_several_prompts_are_numbered_prompt_by_prompt()
    {
        await using var server = await TestServer.StartAsync();
        var request = """{"prompt": ["Once upon", "The cat"], "n": 2, "max_tokens": 12, "temperature": 1, "seed": 11""";
        var (_, body) = await server.PostAsync(Path, request + "}");
        Assert.Equal([0, 1, 2, 3], body["choices"]!.AsArray().Select(choice => (int)choice!["index"]!));
        var events = await server.StreamAsync(Path, request + """, "stream": true}""");
        for (var i = 0; i < 4; i++) Assert.Equal((string?)body["choices"]![i]!["text"], events.Join("text", i));
        var (_, alone) = await server.PostAsync(Path, """{"prompt": "The cat", "max_tokens": 12, "temperature": 1, "seed": 11}""");
        Assert.Equal((string?)alone["choices"]![0]!["text"], (string?)body["choices"]![2]!["text"]);
        Assert.Equal(48, (int)body["usage"]!["completion_tokens"]!);
    }

    [Fact]
    public async Task A_stream_ends_with_the_reason_usage_and_done()
    {
        await using var server = await TestServer.StartAsync();
        var events = await server.StreamAsync(
            Path, """{"prompt": "Once upon a time", "max_tokens": 8, "temperature": 0, "stream": true, "stream_options": {"include_usage": true}}""");
        Assert.All(events.SkipLast(2), each => Assert.Null(each["choices"]![0]!["finish_reason"]));
        Assert.All(events.SkipLast(2), each => Assert.NotEqual("", (string?)each["choices"]![0]!["text"]));
        Assert.Equal("length", (string?)events[^2]["choices"]![0]!["finish_reason"]);
        Assert.Empty(events[^1]["choices"]!.AsArray());
        Assert.Equal(8, (int)events[^1]["usage"]!["completion_tokens"]!);
        Assert.NotNull(events[^1]["timings"]);
        var without = await server.StreamAsync(Path, """{"prompt": "Once", "max_tokens": 3, "stream": true}""");
        Assert.All(without, each => Assert.Single(each["choices"]!.AsArray()));
    }

    [Fact]
    public async Task A_stop_text_is_left_out_unless_it_is_asked_for()
    {
        await using var server = await TestServer.StartAsync();
        const string Request = """{"prompt": "Once upon a time", "max_tokens": 40, "temperature": 0, "stop": [" was"]""";
        var (_, body) = await server.PostAsync(Path, Request + "}");
        Assert.Equal(", there", (string?)body["choices"]![0]!["text"]);
        Assert.Equal("stop", (string?)body["choices"]![0]!["finish_reason"]);
        var (_, kept) = await server.PostAsync(Path, Request + """, "include_stop_str_in_output": true}""");
        Assert.Equal(", there was", (string?)kept["choices"]![0]!["text"]);
        var (_, token) = await server.PostAsync(Path, """{"prompt": "Once upon a time", "max_tokens": 40, "temperature": 0, "stop_token_ids": [432]}""");
        Assert.Equal("stop", (string?)token["choices"]![0]!["finish_reason"]);
    }

    [Fact]
    public async Task An_answer_of_no_tokens_computes_the_prompt()
    {
        await using var server = await TestServer.StartAsync();
        var (_, body) = await server.PostAsync(Path, """{"prompt": "Once upon a time", "max_tokens": 0}""");
        Assert.Equal("", (string?)body["choices"]![0]!["text"]);
        Assert.Equal(0, (int)body["usage"]!["completion_tokens"]!);
    }

    [Fact]
    public async Task A_refused_prompt_among_others_leaves_nothing_behind()
    {
        await using var server = await TestServer.StartAsync(options => options.Models[0] = TestServer.Stories(contextLength: 32));
        var text = string.Join(' ', Enumerable.Repeat("word", 100));
        var (status, body) = await server.PostAsync(Path, $$"""{"prompt": ["a", "{{text}}"], "ignore_eos": true}""");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("exceed_context_size_error", (string?)body["error"]!["type"]);
        await server.UntilAsync(metrics => metrics is { RunningAnswers: 0, QueuedAnswers: 0, UsedCells: 0 }, TestContext.Current.CancellationToken);
    }
}
