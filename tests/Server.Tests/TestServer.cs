using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ArchGen.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace ArchGen.Server.Tests;

/// <summary>A real server on a free port of the loopback interface, with the story model of 260 thousand weights.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private TestServer(WebApplication application, Uri address) =>
        (Application, Client) = (application, new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) });

    public WebApplication Application { get; }

    public HttpClient Client { get; }

    public Uri Address => Client.BaseAddress!;

    public static async Task<TestServer> StartAsync(Action<ServerOptions>? configure = null)
    {
        var application = ServerApplication.Create(
            options =>
            {
                options.Models.Add(Stories());
                configure?.Invoke(options);
            },
            [new IPEndPoint(IPAddress.Loopback, 0)]);
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
