using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ArchGen.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace ArchGen.Server.Tests;

/// <summary>A real server on a free port of the loopback interface, with the story model of 260 thousand weights.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    // The log of hundreds of servers helps nobody.
    static TestServer() => Environment.SetEnvironmentVariable("Logging__LogLevel__Default", "None");

    private TestServer(WebApplication application, Uri address) =>
        (Application, Client) = (application, new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) });

    public WebApplication Application { get; }

    public HttpClient Client { get; }

    public Uri Address => Client.BaseAddress!;

    public T Service<T>()
        where T : notnull => Application.Services.GetRequiredService<T>();

    /// <param name="configure">Changes the options.</param>
    /// <param name="map">Adds endpoints of the test.</param>
    /// <param name="addsModel">Whether the story model is added.</param>
    public static async Task<TestServer> StartAsync(Action<ServerOptions>? configure = null, Action<WebApplication>? map = null, bool addsModel = true)
    {
        var application = ServerApplication.Create(
            options =>
            {
                if (addsModel) options.Models.Add(Stories());
                configure?.Invoke(options);
            },
            [new IPEndPoint(IPAddress.Loopback, 0)]);
        map?.Invoke(application);
        await application.StartAsync();
        var addresses = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        return new TestServer(application, new Uri(addresses.Single()));
    }

    /// <summary>The story model, with a template that was written for tests.</summary>
    public static ServedModelOptions Stories(string? id = null, int contextLength = 512)
    {
        var model = new ServedModelOptions();
        model.Model.ModelPath = SharedFixtures.Local("models/stories260K.gguf");
        model.Model.ModelId = id;
        model.Model.ChatTemplate = File.ReadAllText(SharedFixtures.Local("templates/plain.jinja"));
        model.Model.ContextLength = contextLength;
        return model;
    }

    /// <summary>All routes, with a word in the place of each parameter.</summary>
    public IEnumerable<(string Path, IReadOnlyList<string> Methods)> Routes() =>
        from endpoint in Application.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let path = string.Join('/', endpoint.RoutePattern.PathSegments.Select(
            segment => string.Concat(segment.Parts.Select(part => part is RoutePatternLiteralPart literal ? literal.Content : "x"))))
        select ("/" + path, endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]);

    /// <summary>Posts JSON and reads JSON, whatever the status is.</summary>
    public async Task<(HttpStatusCode Status, JsonNode Body)> PostAsync(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await Client.PostAsync(path, content, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, JsonNode.Parse(text)!);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Application.StopAsync();
        await Application.DisposeAsync();
    }
}
