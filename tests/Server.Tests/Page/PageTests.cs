using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using ArchGen.Extensions.AI;
using ArchGen.Server.Page;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ArchGen.Server.Tests.Page;

public sealed partial class PageTests
{
    [Fact]
    public async Task The_page_has_a_strict_policy()
    {
        await using var server = await TestServer.StartAsync();
        using var response = await server.Client.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none';", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.DoesNotContain("unsafe", policy);
        Assert.DoesNotContain("*", policy);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
    }

    [Fact]
    public async Task A_file_whose_name_has_its_hash_is_kept_for_ever_and_the_page_is_asked_for_again()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var name in await LinkedAsync(server))
        {
            using var file = await server.Client.GetAsync($"/{name}");
            Assert.Equal(HttpStatusCode.OK, file.StatusCode);
            Assert.Equal(name.Contains('-') ? "public, max-age=31536000, immutable" : "no-cache", Cache(file));
        }

        using var page = await server.Client.GetAsync("/");
        Assert.Equal("no-cache", Cache(page));
        using var again = new HttpRequestMessage(HttpMethod.Get, "/");
        again.Headers.IfNoneMatch.Add(page.Headers.ETag!);
        using var unchanged = await server.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Empty(await unchanged.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("br, gzip", "br")]
    [InlineData("gzip, deflate", "gzip")]
    [InlineData("br;q=0, gzip;q=0.5", "gzip")]
    [InlineData("identity", "")]
    [InlineData("", "")]
    public async Task A_file_comes_in_a_coding_that_the_client_reads(string accepted, string coding)
    {
        await using var server = await TestServer.StartAsync();
        var script = (await LinkedAsync(server)).Single(name => name.EndsWith(".js", StringComparison.Ordinal));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/{script}");
        if (accepted != "") request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        using var response = await server.Client.SendAsync(request);
        Assert.Equal(coding, string.Join(",", response.Content.Headers.ContentEncoding));
        Assert.Equal("Accept-Encoding", Assert.Single(response.Headers.GetValues("Vary")));
        await using var body = await response.Content.ReadAsStreamAsync();
        await using var text = coding switch
        {
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            _ => body,
        };
        using var unpacked = new MemoryStream();
        await text.CopyToAsync(unpacked);
        Assert.Equal(PageFile.ReadAll()[script].Read("identity"), unpacked.ToArray());
    }

    [Fact]
    public void The_first_load_is_at_most_150_kilobytes()
    {
        var files = PageFile.ReadAll();
        var index = System.Text.Encoding.UTF8.GetString(files["index.html"].Read("identity"));
        var bytes = files["index.html"].Read("gzip").Length + Links().Matches(index).Sum(link => files[link.Groups[1].Value].Read("gzip").Length);
        // Imports that a script names at its beginning are loaded with it.
        var script = Links().Matches(index).Select(link => link.Groups[1].Value).Single(name => name.EndsWith(".js", StringComparison.Ordinal));
        foreach (Match import in Imports().Matches(System.Text.Encoding.UTF8.GetString(files[script].Read("identity"))))
            bytes += files[$"page/{import.Groups[1].Value}"].Read("gzip").Length;
        Assert.InRange(bytes, 20_000, 150_000);
    }

    [Fact]
    public async Task The_page_needs_no_key_and_answers_head()
    {
        await using var server = await TestServer.StartAsync(options => options.ApiKeys.Add("secret"));
        using var response = await server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/index.html"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Content.Headers.ContentLength > 300);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task The_page_can_be_switched_off()
    {
        await using var server = await TestServer.StartAsync(options => options.ServesPage = false);
        foreach (var path in (string[])["/", "/index.html", "/manifest.webmanifest"])
        {
            using var response = await server.Client.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    [Fact]
    public async Task An_applications_own_page_goes_first_and_below_a_path_the_page_ends_with_a_slash()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddArchGen(TestServer.Stories().Model.ModelPath!).AddArchGenServer();
        await using var application = builder.Build();
        application.MapGet("/", () => "mine");
        application.MapArchGen();
        application.MapGroup("/chat").MapArchGen();
        await application.StartAsync();
        var address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(address) };
        Assert.Equal("mine", await client.GetStringAsync("/"));
        using var redirected = await client.GetAsync("/chat?a=1");
        Assert.Equal("/chat/?a=1", redirected.Headers.Location!.ToString());
        Assert.Contains("<title>ArchGen</title>", await client.GetStringAsync("/chat/"));
        Assert.Contains("ArchGen", await client.GetStringAsync("/chat/manifest.webmanifest"));
        await application.StopAsync();
    }

    private static string Cache(HttpResponseMessage response) => string.Join(", ", response.Headers.GetValues("Cache-Control"));

    private static async Task<IReadOnlyList<string>> LinkedAsync(TestServer server) =>
        [.. Links().Matches(await server.Client.GetStringAsync("/")).Select(link => link.Groups[1].Value)];

    [GeneratedRegex("(?:href|src)=\"([^\"]+)\"")]
    private static partial Regex Links();

    [GeneratedRegex("""(?:from|import)"\./([\w.-]+)""")]
    private static partial Regex Imports();
}
