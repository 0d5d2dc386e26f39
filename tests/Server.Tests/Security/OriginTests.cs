using System.Net;
using System.Net.Http.Headers;

namespace ArchGen.Server.Tests.Security;

/// <summary>The pages that may call the server from a browser (CORS), and those that may not even send it something.</summary>
public sealed class OriginTests
{
    private const string Listed = "https://chat.example";

    [Theory]
    [InlineData("http://localhost:3000", true)]
    [InlineData("http://127.0.0.1", true)]
    [InlineData("http://[::1]:99", true)]
    [InlineData(Listed, true)]
    [InlineData("https://CHAT.example", true)]
    [InlineData("http://chat.example", false)]
    [InlineData("https://chat.example.evil.example", false)]
    [InlineData("https://evil.example", false)]
    [InlineData("http://localhost.evil.example", false)]
    [InlineData("null", false)]
    [InlineData("file://", false)]
    public async Task A_page_may_call_if_it_is_of_this_machine_or_listed(string origin, bool isAllowed)
    {
        await using var server = await TestServer.StartAsync(options => options.CorsOrigins.Add(Listed));
        using var preflight = await SendAsync(server, HttpMethod.Options, "/tokenize", origin, isPreflight: true);
        Assert.Equal(HttpStatusCode.OK, preflight.StatusCode);
        Assert.Equal(isAllowed ? origin : null, Value(preflight.Headers, "Access-Control-Allow-Origin"));
        Assert.Null(Value(preflight.Headers, "Access-Control-Allow-Credentials"));
        if (isAllowed) Assert.Equal("authorization, x-custom", Value(preflight.Headers, "Access-Control-Allow-Headers"));

        using var post = await SendAsync(server, HttpMethod.Post, "/tokenize", origin);
        Assert.Equal(isAllowed ? HttpStatusCode.OK : HttpStatusCode.Forbidden, post.StatusCode);
        Assert.Equal(isAllowed ? origin : null, Value(post.Headers, "Access-Control-Allow-Origin"));

        using var get = await SendAsync(server, HttpMethod.Get, "/v1/models", origin);
        Assert.Equal(HttpStatusCode.OK, get.StatusCode);
        Assert.Equal(isAllowed ? origin : null, Value(get.Headers, "Access-Control-Allow-Origin"));
        Assert.Equal("Origin", Value(get.Headers, "Vary"));
    }

    [Fact]
    public async Task A_page_of_the_server_itself_may_call_it()
    {
        await using var server = await TestServer.StartAsync(options => options.AllowedHosts.Add("lab.example"));
        (string Origin, HttpStatusCode Status)[] cases =
        [
            ("http://lab.example:81", HttpStatusCode.OK), ("http://lab.example", HttpStatusCode.Forbidden),
            ("https://lab.example:81", HttpStatusCode.Forbidden),
        ];
        foreach (var (origin, expected) in cases)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/tokenize") { Content = new StringContent("""{"content": "Once"}""") };
            request.Headers.Host = "lab.example:81";
            request.Headers.Add("Origin", origin);
            using var response = await server.Client.SendAsync(request);
            Assert.Equal(expected, response.StatusCode);
        }
    }

    [Fact]
    public async Task A_star_allows_all_but_never_credentials()
    {
        await using var server = await TestServer.StartAsync(options => options.CorsOrigins.Add("*"));
        using var response = await SendAsync(server, HttpMethod.Post, "/tokenize", "https://any.example");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("https://any.example", Value(response.Headers, "Access-Control-Allow-Origin"));
        Assert.Null(Value(response.Headers, "Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task A_page_that_may_call_can_read_errors()
    {
        await using var server = await TestServer.StartAsync(options => options.ApiKeys.Add("secret"));
        using var response = await SendAsync(server, HttpMethod.Post, "/tokenize", "http://localhost:3000");
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("http://localhost:3000", Value(response.Headers, "Access-Control-Allow-Origin"));
        Assert.NotNull(Value(response.Headers, "x-request-id"));
    }

    [Fact]
    public async Task A_preflight_needs_no_key()
    {
        await using var server = await TestServer.StartAsync(options => options.ApiKeys.Add("secret"));
        using var preflight = await SendAsync(server, HttpMethod.Options, "/tokenize", "http://localhost", isPreflight: true);
        Assert.Equal(HttpStatusCode.OK, preflight.StatusCode);
    }

    private static async Task<HttpResponseMessage> SendAsync(TestServer server, HttpMethod method, string path, string origin, bool isPreflight = false)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Origin", origin);
        if (method == HttpMethod.Post) request.Content = new StringContent("""{"content": "Once"}""");
        if (isPreflight)
        {
            request.Headers.Add("Access-Control-Request-Method", "POST");
            request.Headers.Add("Access-Control-Request-Headers", "authorization, x-custom");
        }

        return await server.Client.SendAsync(request);
    }

    private static string? Value(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values) ? string.Join("|", values) : null;
}
