using System.Text.Json.Nodes;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Sampling;
using ArchGen.Runtime.Scheduling;
using ArchGen.Server.Http;
using ArchGen.Server.Models;
using ArchGen.Server.OpenAI;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ArchGen.Server.Tests;

/// <summary>An endpoint that generates tokens, wrapped as those of the APIs are, and that a test can stop where it wants to.</summary>
internal sealed class GeneratingEndpoint
{
    public const string Path = "/test/generate";

    private readonly SemaphoreSlim _arrivals = new(0);
    private int _begun;

    private int _aborted;

    /// <summary>Requests whose client has gone.</summary>
    public int Aborted => Volatile.Read(ref _aborted);

    /// <summary>Requests that were let in.</summary>
    public int Begun => _begun;

    /// <summary>Answers go on after their first token when it is completed; it is, unless a test replaces it.</summary>
    public TaskCompletionSource Release { get; set; } = Completed();

    public ITokenConstraint? Constraint { get; set; }

    public int PromptTokens { get; set; } = 4;

    /// <summary>The first token of an answer is there.</summary>
    public Task ArrivedAsync() => _arrivals.WaitAsync(TestContext.Current.CancellationToken);

    public void Map(WebApplication application) => application.MapPost(Path, ApiEndpoint.Of(OpenAIErrors.Instance, AnswerAsync));

    private static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _begun);
        await using var abort = context.RequestAborted.Register(() => Interlocked.Increment(ref _aborted));
        using var body = await ApiEndpoint.ReadObjectAsync(context);
        var fields = new JsonFields(body.RootElement);
        using var lease = await context.RequestServices.GetRequiredService<ModelRegistry>().AcquireAsync(fields, context.RequestAborted);
        var request = new GenerationRequest
        {
            Prompt = Enumerable.Range(0, PromptTokens).Select(i => 300 + (i % 100)).ToArray(),
            MaxTokens = fields.Whole("tokens") ?? 4,
            Sampling = new SamplerOptions { Temperature = 0, IgnoreEndOfGeneration = true },
            Constraint = Constraint,
        };
        await using var stream = fields.Flag("stream") == true ? await EventStream.BeginAsync(context) : null;
        var tokens = 0;
        await foreach (var next in lease.Model.Engine.Submit(request, context.RequestAborted))
        {
            if (tokens++ == 0)
            {
                _arrivals.Release();
                await Release.Task.WaitAsync(context.RequestAborted);
            }

            if (stream is not null) await stream.WriteAsync(new JsonObject { ["token"] = next.Token });
            if (next.Reason != StopReason.None && stream is null) await ApiEndpoint.WriteAsync(context, new JsonObject { ["tokens"] = tokens });
        }

        if (stream is not null) await stream.WriteDoneAsync();
    }
}
