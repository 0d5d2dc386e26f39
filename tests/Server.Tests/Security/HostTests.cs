using System.Net;
using ArchGen.Server.Security;

namespace ArchGen.Server.Tests.Security;

/// <summary>The names by which the server may be called: DNS rebinding.</summary>
public sealed class HostTests
{
    [Theory]
    [InlineData("localhost", true, true, true)]
    [InlineData("LOCALHOST", true, true, true)]
    [InlineData("a.localhost", true, true, true)]
    [InlineData("127.0.0.1", true, true, true)]
    [InlineData("127.8.8.8", true, true, true)]
    [InlineData("[::1]", true, true, true)]
    [InlineData("evil.example", false, true, false)]
    [InlineData("localhost.evil.example", false, true, false)]
    [InlineData("notlocalhost", false, true, false)]
    [InlineData("127.0.0.1.evil.example", false, true, false)]
    [InlineData("192.168.1.5", true, true, false)]
    [InlineData("chat.example", false, true, true)]
    [InlineData("a.inside.example", false, true, true)]
    [InlineData("inside.example", false, true, false)]
    [InlineData("", false, false, false)]
    public void A_name_is_allowed(string host, bool onLoopback, bool onAll, bool withList)
    {
        Assert.Equal(onLoopback, new HostPolicy([], isLoopbackOnly: true).Allows(host));
        Assert.Equal(onAll, new HostPolicy([], isLoopbackOnly: false).Allows(host));
        Assert.Equal(withList, new HostPolicy(["chat.example", ".inside.example"], isLoopbackOnly: false).Allows(host));
    }

    [Theory]
    [InlineData("evil.example", HttpStatusCode.Forbidden)]
    [InlineData("evil.example:8080", HttpStatusCode.Forbidden)]
    [InlineData("localhost:1", HttpStatusCode.OK)]
    public async Task A_rebound_name_is_refused_for_every_endpoint(string host, HttpStatusCode expected)
    {
        await using var server = await TestServer.StartAsync();
        foreach (var path in (string[])["/v1/models", "/health/live", "/metrics"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Host = host;
            using var response = await server.Client.SendAsync(request);
            Assert.Equal(expected, response.StatusCode);
        }
    }
}
