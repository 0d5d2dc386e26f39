using System.Text.Json.Nodes;
using ArchGen.Chat.Conversations;
using ArchGen.Server.Http;
using ArchGen.Server.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ArchGen.Server.Anthropic;

/// <summary>Anthropic's Messages API: <c>/v1/messages</c> and <c>/v1/messages/count_tokens</c>. Headers of versions and betas are accepted.</summary>
internal static class AnthropicEndpoints
{
    /// <summary>Maps them.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/v1/messages", Of(CreateAsync));
        endpoints.MapPost("/v1/messages/count_tokens", Of(CountAsync));
    }

    private static RequestDelegate Of(Func<HttpContext, Task> handle) => context =>
    {
        // Not set at once: the id is made later, and an error clears the headers.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers["request-id"] = context.TraceIdentifier;
            return Task.CompletedTask;
        });
        return ApiEndpoint.Of(new AnthropicErrors(context), handle)(context);
    };

    private static async Task CreateAsync(HttpContext context)
    {
        using var body = await ApiEndpoint.ReadObjectAsync(context).ConfigureAwait(false);
        var fields = new JsonFields(body.RootElement);
        var registry = context.RequestServices.GetRequiredService<ModelRegistry>();
        using var lease = await registry.AcquireAsync(fields, context.RequestAborted).ConfigureAwait(false);
        var request = MessagesRequest.Read(fields, lease.Model);
        var warnings = new List<string>();
        using var answer = Submit(lease.Model.Chat, request, warnings, registry, context.RequestAborted);
        var message = new MessageWriter(fields.Text("model") ?? lease.Model.Id, answer.Prompt.Tokens.Length, request, warnings);
        if (request.IsStreamed)
        {
            await StreamAsync(context, answer, message).ConfigureAwait(false);
            return;
        }

        var events = new List<JsonObject>();
        await foreach (var update in answer.WithCancellation(context.RequestAborted).ConfigureAwait(false))
        {
            message.Add(update, events);
            events.Clear();
        }

        await ApiEndpoint.WriteAsync(context, message.Message()).ConfigureAwait(false);
    }

    private static async Task StreamAsync(HttpContext context, ChatStream answer, MessageWriter message)
    {
        var ping = new JsonObject { ["type"] = "ping" };
        await using var stream = await EventStream.BeginAsync(context, ping, "ping").ConfigureAwait(false);
        await WriteAsync(stream, message.Start()).ConfigureAwait(false);
        await WriteAsync(stream, ping).ConfigureAwait(false);
        var events = new List<JsonObject>();
        await foreach (var update in answer.WithCancellation(context.RequestAborted).ConfigureAwait(false))
        {
            message.Add(update, events);
            foreach (var next in events) await WriteAsync(stream, next).ConfigureAwait(false);
            events.Clear();
        }
    }

    private static Task WriteAsync(EventStream stream, JsonObject data) => stream.WriteAsync(data, (string?)data["type"]);

    private static ChatStream Submit(
        ChatEngine engine, MessagesRequest request, List<string> warnings, ModelRegistry registry, CancellationToken cancellation)
    {
        try
        {
            return engine.Submit(request.Conversation, request.Generation, warnings, cancellation);
        }
        catch (QueueFullException error)
        {
            throw new ApiException(AnthropicErrors.Overloaded(error, registry.RetryAfterSeconds()));
        }
        catch (ContextFullException error)
        {
            throw new ApiException(AnthropicErrors.TooLong(error));
        }
    }

    private static async Task CountAsync(HttpContext context)
    {
        using var body = await ApiEndpoint.ReadObjectAsync(context).ConfigureAwait(false);
        var fields = new JsonFields(body.RootElement);
        var registry = context.RequestServices.GetRequiredService<ModelRegistry>();
        using var lease = await registry.AcquireAsync(fields, context.RequestAborted).ConfigureAwait(false);
        var prompt = lease.Model.Chat.Template.Render(MessagesRequest.ReadConversation(fields, lease.Model.Options), findsBoundaries: false);
        await ApiEndpoint.WriteAsync(context, new JsonObject { ["input_tokens"] = prompt.Tokens.Length }).ConfigureAwait(false);
    }
}
