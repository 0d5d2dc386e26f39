using System.Net;
using System.Text.Json;
using ArchGen.Server.Security;

namespace ArchGen.Server.Tests.Security;

/// <summary>What a request may have before anything is made of it.</summary>
public sealed class LimitTests
{
    [Theory]
    [InlineData("""{"messages": [{}, {}, {}]}""", "'messages' has 3 elements; expected at most 2")]
    [InlineData("""{"input": ["a", "b", "c"]}""", "'input' has 3 elements")]
    [InlineData("""{"input": [1, 2, 3]}""", null)]
    [InlineData("""{"messages": [{}, {}]}""", null)]
    [InlineData("""{"messages": []}""", null)]
    [InlineData("""{"tools": [{}, {}, {}]}""", "'tools' has 3 elements")]
    [InlineData("""{"tools": [{"a": "0123456789"}]}""", "'tools[0]' has 19 bytes; expected at most 16")]
    [InlineData("""{"grammar": "root ::= \"0123456789\""}""", "'grammar' has")]
    [InlineData("""{"response_format": {"a": "0123456789"}}""", "'response_format' has")]
    [InlineData("""{"json_schema": {"a": 1}}""", null)]
    public void Too_much_of_something_is_refused(string json, string? message)
    {
        var options = new ServerOptions { MaxMessages = 2, MaxTools = 2, MaxSchemaBytes = 16 };
        using var document = JsonDocument.Parse(json);
        if (message is null) RequestLimits.Check(document.RootElement, options);
        else Assert.StartsWith(message, Assert.Throws<RequestException>(() => RequestLimits.Check(document.RootElement, options)).Message);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_413()
    {
        await using var server = await TestServer.StartAsync(options => options.MaxRequestBytes = 1000);
        var (status, body) = await server.PostAsync("/tokenize", $$"""{"content": "{{new string('a', 1000)}}"}""");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.Equal("invalid_request_error", (string?)body["error"]!["type"]);
    }

    [Fact]
    public async Task A_body_that_is_too_deep_is_refused_and_the_server_goes_on()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var depth in (int[])[65, 1_000_000])
        {
            var (status, body) = await server.PostAsync("/tokenize", """{"content": """ + new string('[', depth) + new string(']', depth) + "}");
            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.StartsWith("The body is no JSON", (string?)body["error"]!["message"]);
        }

        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("/tokenize", """{"content": "Once"}""")).Status);
    }
}
