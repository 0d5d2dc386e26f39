using System.Net;
using System.Text.Json.Nodes;

namespace ArchGen.Server.Tests.OpenAI;

public sealed class LogprobsTests
{
    private const string Chat = """ "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 6, "temperature": 0 """;

    [Fact]
    public async Task The_tokens_of_a_chat_are_the_text_of_the_answer()
    {
        await using var server = await TestServer.StartAsync();
        var (_, body) = await server.PostAsync("/v1/chat/completions", $$"""{{{Chat}}, "logprobs": true, "top_logprobs": 3}""");
        var choice = body["choices"]![0]!;
        var tokens = choice["logprobs"]!["content"]!.AsArray();
        Assert.Equal(6, tokens.Count);
        AssertTokens(tokens, (string)choice["message"]!["content"]!, top: 3);
    }

    [Fact]
    public async Task A_stream_has_the_probabilities_beside_the_text()
    {
        await using var server = await TestServer.StartAsync();
        var events = await server.StreamAsync("/v1/chat/completions", $$"""{{{Chat}}, "logprobs": true, "top_logprobs": 2, "stream": true}""");
        var tokens = new JsonArray();
        foreach (var each in events.Skip(1).SkipLast(1))
        {
            foreach (var token in each["choices"]![0]!["logprobs"]!["content"]!.AsArray()) tokens.Add(token!.DeepClone());
        }

        AssertTokens(tokens, events.Join("content"), top: 2);
    }

    [Fact]
    public async Task Without_alternatives_only_the_chosen_tokens_are_listed()
    {
        await using var server = await TestServer.StartAsync();
        var (_, body) = await server.PostAsync("/v1/chat/completions", $$"""{{{Chat}}, "logprobs": true}""");
        Assert.All(body["choices"]![0]!["logprobs"]!["content"]!.AsArray(), token => Assert.Empty(token!["top_logprobs"]!.AsArray()));
    }

    [Fact]
    public async Task Forced_tokens_are_certain()
    {
        await using var server = await TestServer.StartAsync();
        var (status, body) = await server.PostAsync(
            "/v1/chat/completions", $$"""{{{Chat}}, "logprobs": true, "top_logprobs": 1, "grammar": "root ::= \"once upon\""}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.All(body["choices"]![0]!["logprobs"]!["content"]!.AsArray(), token => Assert.True((double)token!["logprob"]! <= 0));
    }

    [Fact]
    public async Task A_completion_has_them_in_its_older_form_too()
    {
        await using var server = await TestServer.StartAsync();
        var (_, body) = await server.PostAsync("/v1/completions", """{"prompt": "Once upon", "max_tokens": 6, "temperature": 0, "logprobs": 2}""");
        var choice = body["choices"]![0]!;
        var text = (string)choice["text"]!;
        var logprobs = choice["logprobs"]!;
        Assert.Equal(text, string.Concat(logprobs["tokens"]!.AsArray().Select(token => (string)token!)));
        Assert.All(logprobs["token_logprobs"]!.AsArray(), value => Assert.True((double)value! <= 0));
        Assert.Equal(6, logprobs["top_logprobs"]!.AsArray().Count);
        Assert.Equal(0, (int)logprobs["text_offset"]![0]!);
        Assert.Equal(((string)logprobs["tokens"]![0]!).Length, (int)logprobs["text_offset"]![1]!);
        AssertTokens(logprobs["content"]!.AsArray(), text, top: 2);
    }

    private static void AssertTokens(JsonArray tokens, string text, int top)
    {
        Assert.Equal(text, string.Concat(tokens.Select(token => (string)token!["token"]!)));
        foreach (var token in tokens)
        {
            Assert.True((double)token!["logprob"]! <= 0);
            Assert.NotEmpty(token["bytes"]!.AsArray());
            var likeliest = token["top_logprobs"]!.AsArray();
            Assert.Equal(top, likeliest.Count);
            // At temperature 0 the likeliest token is the one that is taken.
            Assert.Equal((int)token["id"]!, (int)likeliest[0]!["id"]!);
            Assert.Equal((double)token["logprob"]!, (double)likeliest[0]!["logprob"]!);
            Assert.True((double)likeliest[0]!["logprob"]! >= (double)likeliest[1]!["logprob"]!);
        }
    }
}
