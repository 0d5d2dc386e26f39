using System.Net;
using System.Text.Json.Nodes;

namespace ArchGen.Server.Tests;

public sealed class BasicTests
{
    [Fact]
    public async Task The_models_are_listed()
    {
        await using var server = await TestServer.StartAsync();
        var list = JsonNode.Parse(await server.Client.GetStringAsync("/v1/models", TestContext.Current.CancellationToken))!;
        Assert.Equal("stories260K", (string?)list["data"]![0]!["id"]);
    }

    [Fact]
    public async Task A_text_becomes_tokens()
    {
        await using var server = await TestServer.StartAsync();
        var (status, body) = await server.PostAsync("/tokenize", """{"content": "Once upon a time", "add_special": true}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal([1, 403, 407, 261, 378], body["tokens"]!.AsArray().Select(token => (int)token!));
    }

    [Theory]
    [InlineData("{", "The body is no JSON")]
    [InlineData("[1]", "The body is JSON, but no object")]
    [InlineData("""{"content": 3}""", "'content' is the number 3; expected a string")]
    public async Task A_wrong_body_is_an_error_in_words(string json, string message)
    {
        await using var server = await TestServer.StartAsync();
        var (status, body) = await server.PostAsync("/tokenize", json);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith(message, (string?)body["error"]!["message"]);
        Assert.Equal("invalid_request_error", (string?)body["error"]!["type"]);
    }
}
