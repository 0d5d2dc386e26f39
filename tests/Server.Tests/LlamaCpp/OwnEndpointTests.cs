using System.Net;
using System.Text.Json.Nodes;
using ArchGen.Fixtures;

namespace ArchGen.Server.Tests.LlamaCpp;

/// <summary>llama.cpp's endpoints that do not generate.</summary>
public sealed class OwnEndpointTests
{
    [Fact]
    public async Task Tokens_have_their_text_or_their_bytes()
    {
        await using var server = await TestServer.StartAsync();
        var (_, body) = await server.PostAsync("/tokenize", """{"content": "Once 媽", "with_pieces": true}""");
        var pieces = body["tokens"]!.AsArray();
        Assert.Equal(" Once", (string?)pieces[0]!["piece"]);
        Assert.Contains(pieces, piece => piece!["piece"] is JsonArray bytes && (int)bytes[0]! == 0xE5);
    }

    [Theory]
    [InlineData("[1, 403, 407, 261, 378]", "<s> Once upon a time")]
    [InlineData("[403]", "Once")]
    [InlineData("[]", "")]
    public async Task Tokens_become_text(string tokens, string text)
    {
        await using var server = await TestServer.StartAsync();
        var (_, body) = await server.PostAsync("/detokenize", $$"""{"tokens": {{tokens}}}""");
        Assert.Equal(text, ((string?)body["content"])!.TrimStart(' '));
    }

    [Fact]
    public async Task A_token_that_is_not_there_has_no_text()
    {
        await using var server = await TestServer.StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await server.PostAsync("/detokenize", """{"tokens": [99999]}""")).Status);
    }

    [Fact]
    public async Task A_conversation_becomes_the_text_that_the_model_reads()
    {
        await using var server = await TestServer.StartAsync();
        var (_, body) = await server.PostAsync("/apply-template", """{"messages": [{"role": "user", "content": "Hello"}]}""");
        Assert.Contains("Hello", (string?)body["prompt"]);
        var (_, count) = await server.PostAsync("/v1/chat/completions/input_tokens", """{"messages": [{"role": "user", "content": "Hello"}]}""");
        var (_, tokens) = await server.PostAsync("/tokenize", $$"""{"content": {{body["prompt"]!.ToJsonString()}}, "add_special": true}""");
        Assert.Equal((int)count["input_tokens"]!, tokens["tokens"]!.AsArray().Count);
    }

    [Fact]
    public async Task Properties_tell_no_folder_of_the_machine()
    {
        await using var server = await TestServer.StartAsync();
        var text = await server.Client.GetStringAsync("/props");
        var properties = JsonNode.Parse(text)!;
        Assert.Equal("stories260K.gguf", (string?)properties["model_path"]);
        Assert.DoesNotContain(SharedFixtures.Root, text, StringComparison.Ordinal);
        Assert.Equal((512, 8), ((int)properties["default_generation_settings"]!["n_ctx"]!, (int)properties["total_slots"]!));
        Assert.StartsWith("b", (string?)properties["build_info"]);
        Assert.False((bool)properties["is_sleeping"]!);
        Assert.Equal(0.8, (double)properties["default_generation_settings"]!["params"]!["temperature"]!, 1e-6);
        Assert.Equal(HttpStatusCode.NotImplemented, (await server.PostAsync("/props", "{}")).Status);
    }

    [Fact]
    public async Task A_model_that_ranks_nothing_says_so()
    {
        await using var server = await TestServer.StartAsync();
        var (status, body) = await server.PostAsync("/rerank", """{"query": "a", "documents": ["b"]}""");
        Assert.Equal((HttpStatusCode.NotImplemented, "not_supported_error"), (status, (string?)body["error"]!["type"]));
    }

    [Theory]
    [InlineData("""{"query": "a"}""")]
    [InlineData("""{"query": "a", "documents": []}""")]
    [InlineData("""{"query": "a", "documents": [1]}""")]
    [InlineData("""{"query": "a", "documents": 123}""")]
    [InlineData("""{"documents": ["b"]}""")]
    public async Task A_wrong_request_of_a_ranking_is_an_error(string request)
    {
        await using var server = await TestServer.StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await server.PostAsync("/v1/rerank", request)).Status);
    }

    [Theory]
    [InlineData("/completion", "{\"prompt\": \"Once\", \"n_predict\": 3, \"temperature\": 0}", "completion")]
    [InlineData("/v1/chat/completions", "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}], \"max_tokens\": 3}", "chatCompletions")]
    [InlineData("/apply-template", "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}", "applyTemplate")]
    public async Task Predictions_are_answers_of_other_endpoints(string path, string request, string format)
    {
        await using var server = await TestServer.StartAsync(options => options.PredictPath = "/predict");
        var named = JsonNode.Parse(request)!.AsObject();
        named["@requestFormat"] = format;
        named["stream"] = true;
        var byPath = JsonNode.Parse(request)!.AsObject();
        byPath["@requestFormat"] = path;
        var (status, body) = await server.PostAsync("/predict", new JsonObject { ["instances"] = new JsonArray(named, byPath) }.ToJsonString());
        var (_, expected) = await server.PostAsync(path, request);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(2, body["predictions"]!.AsArray().Count);
        Assert.All(body["predictions"]!.AsArray(), prediction => Assert.Equal(Keys(expected), Keys(prediction!)));
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"instances": [{"prompt": "a"}]}""")]
    [InlineData("""{"instances": [{"@requestFormat": "nonsense"}]}""")]
    [InlineData("""{"instances": [{"@requestFormat": "/predict"}]}""")]
    public async Task An_instance_without_an_endpoint_is_an_error(string request)
    {
        await using var server = await TestServer.StartAsync(options => options.PredictPath = "/predict");
        Assert.Equal(HttpStatusCode.BadRequest, (await server.PostAsync("/predict", request)).Status);
    }

    [Fact]
    public async Task Thinking_that_is_not_there_cannot_be_ended()
    {
        await using var server = await TestServer.StartAsync();
        var (status, body) = await server.PostAsync("/v1/chat/completions/control", """{"id": "chatcmpl-x", "action": "reasoning_end"}""");
        Assert.Equal((HttpStatusCode.OK, false), (status, (bool)body["success"]!));
        Assert.Equal(HttpStatusCode.BadRequest, (await server.PostAsync("/v1/chat/completions/control", """{"id": "x", "action": "sing"}""")).Status);
    }

    private static IEnumerable<string> Keys(JsonNode node) => node.AsObject().Select(field => field.Key);
}
