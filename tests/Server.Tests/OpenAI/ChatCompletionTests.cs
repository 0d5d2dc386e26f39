using System.Net;
using System.Text.Json.Nodes;

namespace ArchGen.Server.Tests.OpenAI;

public sealed class ChatCompletionTests
{
    private const string Path = "/v1/chat/completions";
    private const string Hello = """[{"role": "system", "content": "Book"}, {"role": "user", "content": "What is the best book"}]""";

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/chat/completions")]
    public async Task An_answer_has_all_that_strict_clients_read(string path)
    {
        await using var server = await TestServer.StartAsync();
        var (status, body) = await server.PostAsync(path, $$"""{"model": "gpt-4o", "messages": {{Hello}}, "max_tokens": 8, "seed": 42}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.StartsWith("chatcmpl-", (string?)body["id"]);
        Assert.Equal("chat.completion", (string?)body["object"]);
        Assert.Equal("stories260K", (string?)body["model"]);
        Assert.StartsWith("b", (string?)body["system_fingerprint"]);
        Assert.True((long)body["created"]! > 1_600_000_000);
        Assert.Equal(42, (long)body["seed"]!);
        var choice = Assert.Single(body["choices"]!.AsArray())!;
        Assert.Equal("length", (string?)choice["finish_reason"]);
        Assert.Equal("assistant", (string?)choice["message"]!["role"]);
        Assert.NotEqual("", (string?)choice["message"]!["content"]);
        var usage = body["usage"]!;
        Assert.Equal(8, (int)usage["completion_tokens"]!);
        Assert.Equal((int)usage["prompt_tokens"]! + 8, (int)usage["total_tokens"]!);
        Assert.Equal(0, (int)usage["prompt_tokens_details"]!["cached_tokens"]!);
        Assert.Equal(0, (int)usage["completion_tokens_details"]!["reasoning_tokens"]!);
        Assert.Equal(8, (int)body["timings"]!["predicted_n"]!);
        Assert.Equal((int)usage["prompt_tokens"]!, (int)body["timings"]!["prompt_n"]!);
        Assert.True((double)body["timings"]!["predicted_per_second"]! > 0);
        Assert.Null(body["warnings"]);
        Assert.Null(body["__verbose"]);
    }

    [Fact]
    public async Task A_stream_begins_with_the_role_and_ends_with_reason_usage_and_done()
    {
        await using var server = await TestServer.StartAsync();
        var events = await server.StreamAsync(
            Path, $$"""{"messages": {{Hello}}, "max_tokens": 8, "seed": 7, "stream": true, "stream_options": {"include_usage": true} }""");
        Assert.Equal("""{"role":"assistant","content":null}""", events[0]["choices"]![0]!["delta"]!.ToJsonString());
        Assert.All(events, each => Assert.Equal((string?)events[0]["id"], (string?)each["id"]));
        Assert.All(events, each => Assert.Equal("chat.completion.chunk", (string?)each["object"]));
        foreach (var each in events.Skip(1).SkipLast(2))
        {
            Assert.NotEqual("", (string?)each["choices"]![0]!["delta"]!["content"]);
            Assert.Null(each["choices"]![0]!["delta"]!["role"]);
            Assert.Null(each["choices"]![0]!["finish_reason"]);
            Assert.Null(each["usage"]);
        }

        Assert.Equal("length", (string?)events[^2]["choices"]![0]!["finish_reason"]);
        Assert.Empty(events[^2]["choices"]![0]!["delta"]!.AsObject());
        Assert.Empty(events[^1]["choices"]!.AsArray());
        Assert.Equal(8, (int)events[^1]["usage"]!["completion_tokens"]!);
        Assert.Equal(8, (int)events[^1]["timings"]!["predicted_n"]!);
        Assert.Equal(7, (long)events[^1]["seed"]!);
    }

    [Fact]
    public async Task A_stream_without_the_option_has_no_usage_and_no_event_without_choices()
    {
        await using var server = await TestServer.StartAsync();
        var events = await server.StreamAsync(Path, $$"""{"messages": {{Hello}}, "max_tokens": 4, "stream": true}""");
        Assert.All(events, each => Assert.Single(each["choices"]!.AsArray()));
        Assert.All(events, each => Assert.Null(each["usage"]));
        Assert.NotNull(events[^1]["timings"]);
    }

    [Fact]
    public async Task A_stream_says_the_same_as_the_whole_answer()
    {
        await using var server = await TestServer.StartAsync();
        var request = $$"""{"messages": {{Hello}}, "max_tokens": 40, "seed": 3, "temperature": 0.9, "n": 3""";
        var (_, body) = await server.PostAsync(Path, request + "}");
        var events = await server.StreamAsync(Path, request + """, "stream": true}""");
        var texts = body["choices"]!.AsArray().Select(choice => (string)choice!["message"]!["content"]!).ToList();
        Assert.Equal(3, texts.Distinct().Count());
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(i, (int)body["choices"]![i]!["index"]!);
            Assert.Equal(texts[i], events.Join("content", i));
        }

        Assert.Equal(120, (int)body["usage"]!["completion_tokens"]!);
    }

    [Fact]
    public async Task A_seed_repeats_an_answer_and_others_do_not()
    {
        await using var server = await TestServer.StartAsync();
        async Task<(string Text, long Seed)> Ask(string seed)
        {
            var (_, body) = await server.PostAsync(Path, $$"""{"messages": {{Hello}}, "max_tokens": 24, "temperature": 1, "seed": {{seed}}}""");
            return ((string)body["choices"]![0]!["message"]!["content"]!, (long)body["seed"]!);
        }

        var drawn = await Ask("-1");
        Assert.Equal(drawn, await Ask(drawn.Seed.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        Assert.NotEqual((await Ask("1")).Text, (await Ask("2")).Text);
    }

    [Fact]
    public async Task What_a_conversation_has_in_common_with_an_earlier_one_is_reported_as_cached()
    {
        await using var server = await TestServer.StartAsync();
        var request = $$"""{"messages": {{Hello}}, "max_tokens": 2}""";
        var (_, first) = await server.PostAsync(Path, request);
        var (_, second) = await server.PostAsync(Path, request);
        Assert.Equal((int)first["usage"]!["prompt_tokens"]! - 1, (int)second["usage"]!["prompt_tokens_details"]!["cached_tokens"]!);
        Assert.Equal(1, (int)second["timings"]!["prompt_n"]!);
        var (_, third) = await server.PostAsync(Path, $$"""{"messages": {{Hello}}, "max_tokens": 2, "cache_prompt": false}""");
        Assert.Equal(0, (int)third["usage"]!["prompt_tokens_details"]!["cached_tokens"]!);
    }

    [Fact]
    public async Task An_answer_ends_before_a_stop_text()
    {
        await using var server = await TestServer.StartAsync();
        var request = $$"""{"messages": {{Hello}}, "max_tokens": 40, "temperature": 0""";
        var (_, whole) = await server.PostAsync(Path, request + "}");
        var text = (string)whole["choices"]![0]!["message"]!["content"]!;
        var stop = text.Substring(text.Length / 2, 3);
        foreach (var field in (string[])[$"\"{stop}\"", $"[\"no such text\", \"\", \"{stop}\"]"])
        {
            var (status, body) = await server.PostAsync(Path, $"{request}, \"stop\": {field}}}");
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.Equal(text[..text.IndexOf(stop, StringComparison.Ordinal)], (string?)body["choices"]![0]!["message"]!["content"]);
            Assert.Equal("stop", (string?)body["choices"]![0]!["finish_reason"]);
        }
    }

    [Fact]
    public async Task A_last_message_of_the_assistant_is_continued()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var more in (string[])["", """, "continue_final_message": true, "add_generation_prompt": false"""])
        {
            const string Messages = """[{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Once"}]""";
            var (_, body) = await server.PostAsync(Path, $$"""{"messages": {{Messages}}, "max_tokens": 4, "verbose": true{{more}}}""");
            Assert.EndsWith("assistant: Once", (string?)body["__verbose"]!["prompt"]);
        }
    }

    [Fact]
    public async Task The_tokens_of_a_request_are_counted_without_an_answer()
    {
        await using var server = await TestServer.StartAsync();
        var (_, count) = await server.PostAsync(Path + "/input_tokens", $$"""{"messages": {{Hello}}}""");
        var (_, answer) = await server.PostAsync(Path, $$"""{"messages": {{Hello}}, "max_tokens": 1}""");
        Assert.Equal((int)answer["usage"]!["prompt_tokens"]!, (int)count["input_tokens"]!);
    }

    [Fact]
    public async Task Parts_of_a_message_are_lines_of_one_text()
    {
        await using var server = await TestServer.StartAsync();
        var (_, body) = await server.PostAsync(Path, """
            {"messages": [{"role": "user", "content": [{"type": "text", "text": "one"}, {"type": "text", "text": "two"}]}], "max_tokens": 1, "verbose": true}
            """);
        Assert.Contains("user: one\ntwo", (string?)body["__verbose"]!["prompt"]);
        // As llama.cpp joins those of a message that is continued.
        (_, body) = await server.PostAsync(Path, """
            {"messages": [{"role": "user", "content": "a"}, {"role": "assistant",
             "content": [{"type": "text", "text": "Wh"}, {"type": "text", "text": "ill"}]}],
             "max_tokens": 1, "verbose": true}
            """);
        Assert.EndsWith("Wh\n\nill", (string?)body["__verbose"]!["prompt"]);
    }

    [Fact]
    public async Task A_stream_tells_how_far_the_prompt_is_and_how_long_each_token_took()
    {
        await using var server = await TestServer.StartAsync();
        var events = await server.StreamAsync(
            Path, $$"""{"messages": {{Hello}}, "max_tokens": 4, "stream": true, "return_progress": true, "timings_per_token": true}""");
        var progress = events.Select(each => each["prompt_progress"]).OfType<JsonNode>().ToList();
        Assert.Equal((int)progress[0]["cache"]!, (int)progress[0]["processed"]!);
        Assert.Equal((int)progress[^1]["total"]!, (int)progress[^1]["processed"]!);
        Assert.Null(events[0]["timings"]);
        var counts = events.Where(each => each["choices"]!.AsArray().Count == 1 && each["timings"] is not null)
            .Select(each => (int)each["timings"]!["predicted_n"]!).ToList();
        Assert.Equal(counts.Order(), counts);
        Assert.Equal(4, counts[^1]);
    }
}
