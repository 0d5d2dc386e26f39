using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary>A server with OpenAI's API on loopback that answers at once: a word is two tokens, and what surrounds a prompt is seven.</summary>
internal sealed class FakeApi : IAsyncDisposable
{
    private readonly WebApplication _application;
    private int _open;

    private FakeApi(WebApplication application) => _application = application;

    public string Address => _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>The bodies of all requests for answers, in the order in which they came.</summary>
    public List<JsonObject> Requests { get; } = [];

    /// <summary>The paths of them.</summary>
    public List<string> Paths { get; } = [];

    public string? Authorization { get; private set; }

    /// <summary>The most requests that were open at the same time.</summary>
    public int MostOpen { get; private set; }

    public bool StatesUsage { get; set; } = true;

    /// <summary>Whether a request, by its number from 1, is refused.</summary>
    public Func<int, bool> Refuses { get; set; } = static _ => false;

    /// <summary>Waits before a request, by its number, is answered.</summary>
    public Func<int, CancellationToken, Task> Wait { get; set; } = static (_, _) => Task.CompletedTask;

    public static async Task<FakeApi> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var application = builder.Build();
        var api = new FakeApi(application);
        application.MapGet("/v1/models", (RequestDelegate)(static context => context.Response.WriteAsync("""{"data": [{"id": "first"}, {"id": "second"}]}""")));
        application.MapPost("/v1/chat/completions", (RequestDelegate)api.AnswerAsync);
        application.MapPost("/v1/completions", (RequestDelegate)api.AnswerAsync);
        await application.StartAsync();
        return api;
    }

    /// <summary>The prompt of a request.</summary>
    public static string Prompt(JsonObject request) => (string)(request["prompt"] ?? request["messages"]![0]!["content"])!;

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync(new CancellationToken(canceled: true));
        await _application.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = (JsonObject)(await JsonNode.ParseAsync(context.Request.Body))!;
        int number;
        lock (Requests)
        {
            Requests.Add(request);
            Paths.Add(context.Request.Path);
            Authorization = context.Request.Headers.Authorization;
            number = Requests.Count;
            MostOpen = Math.Max(MostOpen, ++_open);
        }

        try
        {
            await Wait(number, context.RequestAborted);
            if (Refuses(number))
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                await context.Response.WriteAsync("""{"error": {"message": "Too much to do.", "code": 503}}""");
                return;
            }

            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync(Answer(request));
        }
        finally
        {
            lock (Requests) _open--;
        }
    }

    private string Answer(JsonObject request)
    {
        var isChat = request["messages"] is not null;
        var words = Prompt(request).Split(' ').Length;
        var tokens = (int)request["max_tokens"]!;
        var events = new List<string>();
        if (isChat) events.Add("""{"choices": [{"index": 0, "delta": {"role": "assistant", "content": null}}]}""");
        var text = isChat ? """{"choices": [{"index": 0, "delta": {"content": "x"}}]}""" : """{"choices": [{"index": 0, "text": "x"}]}""";
        events.AddRange(Enumerable.Repeat(text, tokens));
        if (StatesUsage)
        {
            var usage = new JsonObject
            {
                ["prompt_tokens"] = (2 * words) + 7,
                ["completion_tokens"] = tokens,
                ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = 3 },
            };
            events.Add(new JsonObject { ["choices"] = new JsonArray(), ["usage"] = usage }.ToJsonString());
        }

        events.Add("[DONE]");
        return string.Concat(events.Select(data => $"data: {data}\n\n"));
    }
}
