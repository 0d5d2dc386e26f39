using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ArchGen.Samples.Router.Proxy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace ArchGen.Samples.Router.Tests.Proxy;

/// <summary>The router on a free port of the loopback interface.</summary>
internal sealed class TestRouter : IAsyncDisposable
{
    private readonly WebApplication _application;

    private TestRouter(WebApplication application)
    {
        _application = application;
        var address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Client = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(2) };
    }

    public HttpClient Client { get; }

    public static async Task<TestRouter> StartAsync(IEnumerable<Uri> replicas, Func<RouterOptions, RouterOptions>? configure = null)
    {
        var options = new RouterOptions { Replicas = [.. replicas], Listen = new IPEndPoint(IPAddress.Loopback, 0) };
        var application = RouterApplication.Create((configure ?? (static options => options))(options));
        await application.StartAsync();
        return new TestRouter(application);
    }

    public static StringContent Json(JsonNode body) => new(body.ToJsonString(), Encoding.UTF8, "application/json");

    public static JsonObject Prompt(string text) => new() { ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = text }) };

    /// <summary>Asks for an answer; another prompt for each text.</summary>
    public Task<HttpResponseMessage> AskAsync(string text, string path = "/v1/chat/completions") =>
        Client.PostAsync(path, Json(Prompt(text)), TestContext.Current.CancellationToken);

    /// <summary>The sum of a metric over its labels.</summary>
    public async Task<double> MetricAsync(string name)
    {
        var text = await Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        var lines = text.Split('\n').Where(line => line.StartsWith($"archgen_router_{name}{{", StringComparison.Ordinal)
            || line.StartsWith($"archgen_router_{name} ", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(lines);
        return lines.Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _application.StopAsync(new CancellationToken(canceled: true));
        await _application.DisposeAsync();
    }
}
