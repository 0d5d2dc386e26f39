using System.Net;
using System.Runtime.InteropServices;
using ArchGen.Fixtures;
using ArchGen.Runtime.Embeddings;

namespace ArchGen.Server.Tests.OpenAI;

public sealed class EmbeddingTests
{
    private const string Path = "/v1/embeddings";

    [Theory]
    [InlineData("\"\"", 1)]
    [InlineData("\"a text\"", 1)]
    [InlineData("[12, 34, 56]", 1)]
    [InlineData("[12, 34, \"text\", 56]", 1)]
    [InlineData("[\"one\", \"two\"]", 2)]
    [InlineData("[\"one\", [12, 34]]", 2)]
    [InlineData("[[12, 34], [56, \"text\"]]", 2)]
    public async Task Every_form_of_input_gives_its_rows(string input, int count)
    {
        await using var server = await StartAsync();
        var (status, body) = await server.PostAsync(Path, $$"""{"input": {{input}}, "model": "text-embedding-3-small"}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("list", (string?)body["object"]);
        Assert.Equal("stories260K", (string?)body["model"]);
        var data = body["data"]!.AsArray();
        Assert.Equal(Enumerable.Range(0, count), data.Select(row => (int)row!["index"]!));
        foreach (var row in data)
        {
            Assert.Equal("embedding", (string?)row!["object"]);
            var numbers = row["embedding"]!.AsArray().Select(value => (float)value!).ToList();
            Assert.Equal(64, numbers.Count);
            Assert.Equal(1, numbers.Sum(value => value * value), 1e-4f);
        }

        Assert.Equal((int)body["usage"]!["prompt_tokens"]!, (int)body["usage"]!["total_tokens"]!);
    }

    [Fact]
    public async Task Base64_has_the_same_numbers()
    {
        await using var server = await StartAsync();
        var (_, plain) = await server.PostAsync(Path, """{"input": "a text"}""");
        var (_, encoded) = await server.PostAsync(Path, """{"input": "a text", "encoding_format": "base64", "dimensions": 64}""");
        var bytes = Convert.FromBase64String((string)encoded["data"]![0]!["embedding"]!);
        Assert.Equal(plain["data"]![0]!["embedding"]!.AsArray().Select(value => (float)value!), MemoryMarshal.Cast<byte, float>(bytes).ToArray());
    }

    [Fact]
    public async Task Callers_at_the_same_time_take_turns_and_get_their_own()
    {
        await using var server = await StartAsync();
        var texts = Enumerable.Range(0, 24).Select(i => $"text number {i}").ToList();
        var together = await Task.WhenAll(texts.Select(text => server.PostAsync(Path, $$"""{"input": "{{text}}"}""")));
        for (var i = 0; i < texts.Count; i++)
        {
            var (_, alone) = await server.PostAsync(Path, $$"""{"input": "{{texts[i]}}"}""");
            Assert.Equal(alone["data"]!.ToJsonString(), together[i].Body["data"]!.ToJsonString());
        }
    }

    [Theory]
    [InlineData("""{}""", "'input' is missing")]
    [InlineData("""{"input": true}""", "'input' is true")]
    [InlineData("""{"input": [1, 70000]}""", "'input[1]' is 70000")]
    [InlineData("""{"input": []}""", "The text has no tokens")]
    [InlineData("""{"input": "a", "encoding_format": "hex"}""", "'encoding_format' is 'hex'")]
    [InlineData("""{"input": "a", "dimensions": 32}""", "'dimensions' is 32")]
    public async Task A_wrong_request_is_refused(string json, string message)
    {
        await using var server = await StartAsync();
        var (status, body) = await server.PostAsync(Path, json);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith(message, (string?)body["error"]!["message"]);
    }

    [Fact]
    public async Task A_text_that_is_too_long_is_refused_with_both_numbers()
    {
        await using var server = await StartAsync();
        var (status, body) = await server.PostAsync(Path, $$"""{"input": ["short", "{{string.Join(' ', Enumerable.Repeat("word", 3000))}}"]}""");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith("Input 1 is too large", (string?)body["error"]!["message"]);
        Assert.Equal("exceed_context_size_error", (string?)body["error"]!["type"]);
        Assert.True((int)body["error"]!["n_prompt_tokens"]! > (int)body["error"]!["n_ctx"]!);
    }

    [Fact]
    public async Task Rows_that_are_not_pooled_are_no_embeddings_of_this_api()
    {
        await using var server = await TestServer.StartAsync(options => options.Models[0].Model.Embeddings = new() { Pooling = Pooling.None });
        var (status, _) = await server.PostAsync(Path, """{"input": "a"}""");
        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    [LargeFixtureTheory("models/all-MiniLM-L6-v2.q8_0.gguf")]
    [InlineData("models/all-MiniLM-L6-v2.q8_0.gguf")]
    public async Task A_model_of_embeddings_counts_tokens_and_knows_what_is_alike(string path)
    {
        await using var server = await TestServer.StartAsync(options =>
        {
            options.Models.Clear();
            var model = new ServedModelOptions();
            model.Model.ModelPath = SharedFixtures.FindLarge(path)!;
            options.Models.Add(model);
        });
        var (_, body) = await server.PostAsync(Path, """{"input": ["A man is eating food.", "A man eats a meal.", "The sky is blue today."]}""");
        var rows = body["data"]!.AsArray().Select(row => row!["embedding"]!.AsArray().Select(value => (float)value!).ToArray()).ToList();
        static float Dot(float[] a, float[] b) => a.Zip(b, (x, y) => x * y).Sum();
        Assert.Equal(384, rows[0].Length);
        Assert.True(Dot(rows[0], rows[1]) > Dot(rows[0], rows[2]) + 0.3f);
        var (_, counted) = await server.PostAsync(Path, """{"input": "I believe the meaning of life is"}""");
        Assert.Equal(9, (int)counted["usage"]!["prompt_tokens"]!);
        var (status, refused) = await server.PostAsync("/v1/chat/completions", """{"messages": [{"role": "user", "content": "Hi"}]}""");
        Assert.Equal(HttpStatusCode.NotImplemented, status);
        Assert.Equal("not_supported_error", (string?)refused["error"]!["type"]);
    }

    private static Task<TestServer> StartAsync() =>
        TestServer.StartAsync(options => options.Models[0].Model.Embeddings = new() { Pooling = Pooling.Mean });
}
