using System.Net;
using System.Text.Json.Nodes;

namespace ArchGen.Server.Tests.OpenAI;

public sealed class ModelListTests
{
    [Theory]
    [InlineData("/v1/models")]
    [InlineData("/models")]
    public async Task All_models_are_listed_with_what_clients_read(string path)
    {
        await using var server = await TestServer.StartAsync(options =>
        {
            var second = TestServer.Stories("maker/second");
            second.Aliases.Add("other-name");
            second.Tags.Add("small");
            options.Models.Add(second);
        });
        await server.PostAsync("/v1/completions", """{"prompt": "a", "max_tokens": 1, "model": "stories260K"}""");
        var list = JsonNode.Parse(await server.Client.GetStringAsync(path))!;
        Assert.Equal("list", (string?)list["object"]);
        Assert.Equal(["stories260K", "maker/second"], list["data"]!.AsArray().Select(model => (string)model!["id"]!));
        Assert.All(list["data"]!.AsArray(), model => Assert.Equal("model", (string?)model!["object"]));
        Assert.All(list["data"]!.AsArray(), model => Assert.True((long)model!["created"]! > 1_600_000_000));
        Assert.Equal("other-name", (string?)list["data"]![1]!["aliases"]![0]);
        Assert.Equal("small", (string?)list["data"]![1]!["tags"]![0]);
        var meta = list["data"]![0]!["meta"]!;
        Assert.Equal(512, (int)meta["n_vocab"]!);
        Assert.Equal(64, (int)meta["n_embd"]!);
        Assert.Equal(1, (int)meta["vocab_type"]!);
        Assert.True((long)meta["n_params"]! > 200_000);
        Assert.True((long)meta["size"]! > (long)meta["n_params"]!);
        Assert.Equal("stories260K", (string?)list["models"]![0]!["name"]);
    }

    [Theory]
    [InlineData("maker/second", "maker/second")]
    [InlineData("other-name", "maker/second")]
    public async Task One_model_is_found_by_its_name_or_alias(string name, string id)
    {
        await using var server = await TestServer.StartAsync(options =>
        {
            options.Models.Add(TestServer.Stories("maker/second"));
            options.Models[1].Aliases.Add("other-name");
        });
        var model = JsonNode.Parse(await server.Client.GetStringAsync($"/v1/models/{name}"))!;
        Assert.Equal(id, (string?)model["id"]);
    }

    [Fact]
    public async Task An_unknown_model_is_not_found()
    {
        await using var server = await TestServer.StartAsync();
        using var response = await server.Client.GetAsync("/v1/models/none");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal("not_found_error", (string?)body["error"]!["type"]);
    }
}
