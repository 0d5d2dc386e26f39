using System.Net;
using System.Text.Json.Nodes;

namespace ArchGen.Server.Tests.LlamaCpp;

/// <summary><c>/completion</c>: what it reads, and what its answers have.</summary>
public sealed class CompletionTests
{
    private const string Greedy = "\"temperature\": 0, \"n_predict\": 12";

    [Fact]
    public async Task An_answer_has_its_text_its_counts_and_its_settings()
    {
        await using var server = await TestServer.StartAsync();
        var (status, answer) = await server.PostAsync("/completion", $$"""{"prompt": "Once upon a time", "seed": 7, "return_tokens": true, {{Greedy}}}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.StartsWith(", there was a", (string?)answer["content"]);
        Assert.Equal(12, answer["tokens"]!.AsArray().Count);
        Assert.Equal((12, 5, 16), (Number(answer, "tokens_predicted"), Number(answer, "tokens_evaluated"), Number(answer, "tokens_cached")));
        Assert.Equal("<s> Once upon a time", (string?)answer["prompt"]);
        Assert.Equal(("limit", ""), ((string?)answer["stop_type"], (string?)answer["stopping_word"]));
        Assert.Equal((true, false), ((bool)answer["stop"]!, (bool)answer["truncated"]!));
        Assert.False((bool)answer["has_new_line"]!);
        Assert.Equal((5, 0, 12), (Number(answer["timings"]!, "prompt_n"), Number(answer["timings"]!, "cache_n"), Number(answer["timings"]!, "predicted_n")));
        var settings = answer["generation_settings"]!;
        Assert.Equal((7, 12), (Number(settings, "seed"), Number(settings, "n_predict")));
        Assert.Equal("penalties", (string?)settings["samplers"]![0]);
    }

    [Theory]
    [InlineData("""[1, 403, 407, 261, 378]""")]
    [InlineData("""{"prompt_string": "Once upon a time"}""")]
    [InlineData("""[1, 403, 407, 261, 378], "samplers": ["temperature"]""")]
    public async Task Tokens_and_objects_are_prompts_too(string prompt)
    {
        await using var server = await TestServer.StartAsync();
        var (_, expected) = await server.PostAsync("/completion", $$"""{"prompt": "Once upon a time", {{Greedy}}}""");
        var (_, answer) = await server.PostAsync("/completions", $$"""{"prompt": {{prompt}}, {{Greedy}}}""");
        Assert.Equal((string?)expected["content"], (string?)answer["content"]);
    }

    [Fact]
    public async Task A_list_of_prompts_has_a_list_of_answers()
    {
        await using var server = await TestServer.StartAsync();
        var (_, list) = await server.PostAsync("/completion", $$"""{"prompt": ["Once", [1, 403], ["The", 261]], "n_cmpl": 2, {{Greedy}}}""");
        Assert.Equal([0, 1, 2, 3, 4, 5], list.AsArray().Select(answer => Number(answer!, "index")));
        var texts = list.AsArray().Select(answer => (string?)answer!["content"]).ToList();
        Assert.Equal(texts[0], texts[2]);
        Assert.NotEqual(texts[0], texts[4]);
    }

    [Fact]
    public async Task The_events_of_a_stream_make_the_answer()
    {
        await using var server = await TestServer.StartAsync();
        var request = $$"""{"prompt": "Once upon a time", "timings_per_token": true, {{Greedy}}""";
        var (_, whole) = await server.PostAsync("/completion", request + ", \"return_tokens\": true}");
        var events = await server.EventsAsync("/completion", request + ", \"stream\": true}");
        var last = events[^1];
        Assert.All(events.SkipLast(1), next => Assert.False((bool)next["stop"]!));
        Assert.Equal((string?)whole["content"], string.Concat(events.Select(next => (string?)next["content"])));
        var tokens = events.SelectMany(next => next["tokens"]!.AsArray()).Select(token => (int)token!);
        Assert.Equal(whole["tokens"]!.ToJsonString(), $"[{string.Join(',', tokens)}]");
        Assert.Equal(Enumerable.Range(1, 12), events.SkipLast(1).Select(next => Number(next["timings"]!, "predicted_n")));
        Assert.Equal(("", true, "limit"), ((string?)last["content"], (bool)last["stop"]!, (string?)last["stop_type"]));
    }

    [Fact]
    public async Task A_stream_tells_how_far_a_prompt_is()
    {
        await using var server = await TestServer.StartAsync(options => options.Models[0].Model.Engine = engine => engine with { MaxBatch = 16 });
        var prompt = string.Concat(Enumerable.Repeat("Once upon a time ", 10));
        var events = await server.EventsAsync("/completion", $$"""{"prompt": "{{prompt}}", "return_progress": true, "stream": true, {{Greedy}}}""");
        var progress = events.Select(next => next["prompt_progress"]).OfType<JsonNode>().ToList();
        var total = Number(progress[0], "total");
        Assert.Equal(total, Number(events[^1], "tokens_evaluated"));
        Assert.Equal([.. Enumerable.Range(0, (total + 15) / 16).Select(step => step * 16), total], progress.Select(each => Number(each, "processed")));
        Assert.All(progress, each => Assert.Equal(0, Number(each, "cache")));
    }

    [Fact]
    public async Task A_stop_text_ends_an_answer_and_is_named()
    {
        await using var server = await TestServer.StartAsync();
        var (_, answer) = await server.PostAsync(
            "/completion", """{"prompt": "Once upon a time", "temperature": 0, "n_predict": 60, "stop": ["girl", "xyz"]}""");
        Assert.Equal(("word", "girl"), ((string?)answer["stop_type"], (string?)answer["stopping_word"]));
        Assert.DoesNotContain("girl", (string?)answer["content"]);
    }

    [Fact]
    public async Task Likely_tokens_are_listed_before_and_after_sampling()
    {
        await using var server = await TestServer.StartAsync();
        var (_, before) = await server.PostAsync("/completion", $$"""{"prompt": "Once upon a time", "n_probs": 4, {{Greedy}}}""");
        var first = before["completion_probabilities"]![0]!;
        Assert.Equal(12, before["completion_probabilities"]!.AsArray().Count);
        Assert.Equal(4, first["top_logprobs"]!.AsArray().Count);
        Assert.Equal((int)first["id"]!, (int)first["top_logprobs"]![0]!["id"]!);
        Assert.InRange((double)first["logprob"]!, -5, 0);
        Assert.Equal(",", (string?)first["token"]);
        Assert.Equal([44], first["bytes"]!.AsArray().Select(value => (int)value!));

        var (_, after) = await server.PostAsync(
            "/completion", """{"prompt": "Once upon a time", "n_probs": 4, "n_predict": 3, "temperature": 1, "top_k": 2, "post_sampling_probs": true}""");
        var sums = after["completion_probabilities"]!.AsArray().Select(token => token!["top_probs"]!.AsArray().Sum(each => (double)each!["prob"]!)).ToList();
        Assert.Equal(3, sums.Count);
        Assert.All(sums, sum => Assert.Equal(1, sum, 1e-3));
    }

    [Fact]
    public async Task Each_token_of_a_constrained_answer_has_its_probability()
    {
        await using var server = await TestServer.StartAsync();
        var (_, answer) = await server.PostAsync(
            "/completion", """{"prompt": "Say", "n_probs": 1, "n_predict": 20, "grammar": "root ::= \"once upon a time\""}""");
        Assert.Equal("once upon a time", (string?)answer["content"]);
        Assert.Equal(Number(answer, "tokens_predicted"), answer["completion_probabilities"]!.AsArray().Count);
    }

    [Fact]
    public async Task Fields_of_the_answer_can_be_chosen()
    {
        await using var server = await TestServer.StartAsync();
        var (_, answer) = await server.PostAsync(
            "/completion", $$"""{"prompt": "Once", "response_fields": ["content", "generation_settings/n_predict", "none", "timings/none"], {{Greedy}}}""");
        Assert.Equal(["content", "generation_settings/n_predict"], answer.AsObject().Select(field => field.Key));
        Assert.Equal(12, Number(answer, "generation_settings/n_predict"));
    }

    [Theory]
    [InlineData(-1, 64 - 5, true)]
    [InlineData(1000, 64 - 5, true)]
    [InlineData(20, 20, false)]
    [InlineData(0, 0, false)]
    public async Task An_answer_ends_where_the_context_is_full(int requested, int generated, bool isTruncated)
    {
        await using var server = await TestServer.StartAsync(options => options.Models[0].Model.ContextLength = 64);
        var (_, answer) = await server.PostAsync(
            "/completion", $$"""{"prompt": "Once upon a time", "temperature": 0, "ignore_eos": true, "n_predict": {{requested}}}""");
        Assert.Equal((generated, isTruncated), (Number(answer, "tokens_predicted"), (bool)answer["truncated"]!));
    }

    [Fact]
    public async Task A_shifted_context_lets_an_answer_go_on()
    {
        await using var server = await TestServer.StartAsync(options =>
        {
            options.Models[0].Model.ContextLength = 64;
            options.Models[0].ShiftsContext = true;
        });
        var (_, answer) = await server.PostAsync("/completion", """{"prompt": "Once upon a time", "ignore_eos": true, "n_predict": 100}""");
        Assert.Equal((100, true), (Number(answer, "tokens_predicted"), (bool)answer["truncated"]!));
        (_, answer) = await server.PostAsync("/completion", """{"prompt": "Once upon a time", "ignore_eos": true, "n_predict": 50}""");
        Assert.Equal((50, false), (Number(answer, "tokens_predicted"), (bool)answer["truncated"]!));
    }

    [Fact]
    public async Task A_prompt_that_is_too_long_is_an_error_with_its_numbers()
    {
        await using var server = await TestServer.StartAsync(options => options.Models[0].Model.ContextLength = 8);
        var (status, body) = await server.PostAsync("/completion", """{"prompt": "Once upon a time there was a little girl"}""");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("exceed_context_size_error", (string?)body["error"]!["type"]);
        Assert.Equal(8, Number(body["error"]!, "n_ctx"));
        Assert.True(Number(body["error"]!, "n_prompt_tokens") > 8);
    }

    [Theory]
    [InlineData("\"n_indent\": 2", "'n_indent' is not supported")]
    [InlineData("\"lora\": [{\"id\": 0, \"scale\": 1}]", "'lora[0].id' is 0; the server was started with 0 adapters")]
    [InlineData("\"samplers\": [\"nonsense\"]", "The sampler 'nonsense' is unknown")]
    [InlineData("\"n_probs\": \"many\"", "'n_probs' is a string; expected a whole number")]
    [InlineData("\"grammar\": \"root ::= (\"", "")]
    public async Task What_cannot_be_followed_is_refused(string field, string message)
    {
        await using var server = await TestServer.StartAsync();
        var (status, body) = await server.PostAsync("/completion", $$"""{"prompt": "Once", {{field}}}""");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith(message, (string?)body["error"]!["message"]);
    }

    private static int Number(JsonNode node, string name) => (int)node[name]!;
}
