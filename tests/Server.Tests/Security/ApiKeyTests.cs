using System.Net;
using System.Text.Json.Nodes;
using ArchGen.Fixtures;
using ArchGen.Server.Security;

namespace ArchGen.Server.Tests.Security;

/// <summary>Who may send requests.</summary>
public sealed class ApiKeyTests : IDisposable
{
    private const string Key = "sk-of-the-test", Other = "sk-of-another";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Authorization", "Bearer " + Key, HttpStatusCode.OK)]
    [InlineData("Authorization", "bearer  " + Other, HttpStatusCode.OK)]
    [InlineData("x-api-key", Key, HttpStatusCode.OK)]
    [InlineData("Authorization", "Bearer sk-of-the-tesT", HttpStatusCode.Unauthorized)]
    [InlineData("Authorization", "Bearer sk-of-the-test2", HttpStatusCode.Unauthorized)]
    [InlineData("Authorization", "Basic " + Key, HttpStatusCode.Unauthorized)]
    [InlineData("Authorization", "Bearer ", HttpStatusCode.Unauthorized)]
    [InlineData("x-api-key", "", HttpStatusCode.Unauthorized)]
    [InlineData("x-other", Key, HttpStatusCode.Unauthorized)]
    public async Task A_request_needs_one_of_the_keys(string header, string value, HttpStatusCode expected)
    {
        await using var server = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/tokenize") { Content = new StringContent("""{"content": "Once"}""") };
        request.Headers.TryAddWithoutValidation(header, value);
        using var response = await server.Client.SendAsync(request);
        Assert.Equal(expected, response.StatusCode);
        var text = await response.Content.ReadAsStringAsync();
        if (expected == HttpStatusCode.OK) return;
        Assert.Equal("authentication_error", (string?)JsonNode.Parse(text)!["error"]!["type"]);
        Assert.DoesNotContain(Key, text);
    }

    [Theory]
    [InlineData("GET", "/health", HttpStatusCode.OK)]
    [InlineData("GET", "/v1/health", HttpStatusCode.OK)]
    [InlineData("GET", "/health/live", HttpStatusCode.OK)]
    [InlineData("GET", "/health/ready", HttpStatusCode.OK)]
    [InlineData("GET", "/v1/models", HttpStatusCode.OK)]
    [InlineData("GET", "/models", HttpStatusCode.OK)]
    [InlineData("GET", "/metrics", HttpStatusCode.Unauthorized)]
    [InlineData("POST", "/models/load", HttpStatusCode.Unauthorized)]
    [InlineData("POST", "/models/unload", HttpStatusCode.Unauthorized)]
    [InlineData("GET", "/no/such/place", HttpStatusCode.Unauthorized)]
    public async Task Only_health_and_the_names_of_models_are_public(string method, string path, HttpStatusCode expected)
    {
        await using var server = await StartAsync();
        await Eventually.TrueAsync(() => server.Service<Models.ModelRegistry>().Models[0].IsOpen);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await server.Client.SendAsync(request);
        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task A_body_without_a_key_is_not_read()
    {
        await using var server = await StartAsync();
        var (status, _) = await server.PostAsync("/tokenize", "{ this is no JSON");
        Assert.Equal(HttpStatusCode.Unauthorized, status);
    }

    [Fact]
    public void Keys_are_read_from_a_file()
    {
        File.WriteAllText(_folder.File("keys"), $"{Key}\r\n\n  {Other}  \n");
        var keys = new ApiKeySet();
        keys.AddFile(_folder.File("keys"));
        Assert.Equal(2, keys.Count);
        Assert.Equal(0, keys.Find(Key));
        Assert.Equal(1, keys.Find(Other));
        Assert.Equal(-1, keys.Find(""));
        Assert.Equal(-1, keys.Find(null));
    }

    [Fact]
    public void A_file_without_keys_does_not_open_the_server_to_all()
    {
        File.WriteAllText(_folder.File("empty"), "\n  \n");
        Assert.Contains("has no API key", Assert.Throws<RequestException>(() => new ApiKeySet().AddFile(_folder.File("empty"))).Message);
        Assert.Throws<RequestException>(() => new ApiKeySet().AddFile(_folder.File("absent")));
        Assert.Throws<RequestException>(() => new ApiKeySet().Add("  "));
    }

    [Fact]
    public void Only_hashes_are_kept()
    {
        var keys = new ApiKeySet();
        keys.Add(Key);
        foreach (var field in typeof(ApiKeySet).GetFields(System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance))
        {
            var kept = Assert.IsType<List<byte[]>>(field.GetValue(keys));
            Assert.Equal(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Key)), Assert.Single(kept));
        }
    }

    private static Task<TestServer> StartAsync() => TestServer.StartAsync(options =>
    {
        options.ApiKeys.Add(Key);
        options.ApiKeys.Add(Other);
    });
}
