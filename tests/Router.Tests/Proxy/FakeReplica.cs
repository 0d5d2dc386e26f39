using System.Net;
using System.Text.Json.Nodes;
using ArchGen.Samples.Router.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ArchGen.Samples.Router.Tests.Proxy;

/// <summary>A server on loopback that answers at once, and keeps a cache of prompts as a real one does. A token is four characters.</summary>
internal sealed class FakeReplica : IAsyncDisposable
{
    private static readonly RoutingOptions Blocks = new() { BlockCharacters = 16 };

    private readonly WebApplication _application;
    private readonly PrefixIndex _cache;
    private int _requests, _probes;
    private TaskCompletionSource _probed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private FakeReplica(WebApplication application, int cacheTokens) => (_application, _cache) = (application, new PrefixIndex(Math.Max(1, cacheTokens / 4)));

    public Uri Address { get; private set; } = null!;

    public int Requests => _requests;

    /// <summary>What is done in place of answering; null to answer.</summary>
    public Func<HttpContext, Task>? Instead { get; set; }

    public bool IsReady { get; set; } = true;

    public static async Task<FakeReplica> StartAsync(int cacheTokens = 100_000)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var application = builder.Build();
        var replica = new FakeReplica(application, cacheTokens);
        application.MapGet("/health/ready", (RequestDelegate)replica.ProbeAsync);
        application.Map("/{**path}", replica.AnswerAsync);
        await application.StartAsync();
        replica.Address = new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return replica;
    }

    /// <summary>Ends when its health has been asked for some more times.</summary>
    public async Task ProbedAsync(int times)
    {
        var until = Volatile.Read(ref _probes) + times;
        while (Volatile.Read(ref _probes) < until) await Volatile.Read(ref _probed).Task;
    }

    /// <summary>Breaks off all answers and refuses connections.</summary>
    public Task DieAsync()
    {
        Instead = static context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        return _application.StopAsync(new CancellationToken(canceled: true));
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync(new CancellationToken(canceled: true));
        await _application.DisposeAsync();
    }

    private Task ProbeAsync(HttpContext context)
    {
        Interlocked.Increment(ref _probes);
        Interlocked.Exchange(ref _probed, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        context.Response.StatusCode = IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return Task.CompletedTask;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        if (Instead is { } instead)
        {
            await instead(context);
            return;
        }

        var chain = PromptReader.Read(buffer.ToArray(), Blocks);
        int hit;
        lock (_cache)
        {
            hit = _cache.Match(chain, out _);
            _cache.Add(chain);
        }

        var answer = new JsonObject
        {
            ["path"] = context.Request.Path + context.Request.QueryString.ToString(),
            ["authorization"] = context.Request.Headers.Authorization.ToString(),
            ["choices"] = new JsonArray(new JsonObject { ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = Words(chain) } }),
            ["usage"] = new JsonObject
            {
                ["prompt_tokens"] = 4 * chain.Length,
                ["completion_tokens"] = 10,
                ["total_tokens"] = 4 * chain.Length + 10,
                ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = 4 * hit },
            },
        };
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.ToJsonString());
    }

    // The same for the same prompt, on any replica.
    private static string Words(ulong[] chain) => string.Concat(Enumerable.Repeat($"{chain.LastOrDefault() % 1000:d3} ", 4));
}
