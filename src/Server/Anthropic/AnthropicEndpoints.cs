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

    private static Task CreateAsync(HttpContext context) => ModelRequest.HandleAsync(context, async (fields, model) =>
    {
        var request = MessagesRequest.Read(fields, model);
        var warnings = new List<string>();
        using var answer = Submit(model.Chat, request, warnings, context);
        var message = new MessageWriter(fields.Text("model") ?? model.Id, answer.Prompt.Tokens.Length, request, warnings);
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
    });

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
        ChatEngine engine, MessagesRequest request, List<string> warnings, HttpContext context)
    {
        try
        {
            return engine.Submit(request.Conversation, request.Generation, warnings, context.RequestAborted);
        }
        catch (QueueFullException error)
        {
            throw new ApiException(AnthropicErrors.Overloaded(error, context.RequestServices.GetRequiredService<ModelRegistry>().RetryAfterSeconds()));
        }
        catch (ContextFullException error)
        {
            throw new ApiException(AnthropicErrors.TooLong(error));
        }
    }

    private static Task CountAsync(HttpContext context) => ModelRequest.HandleAsync(context, async (fields, model) =>
    {
        var prompt = model.Chat.Template.Render(MessagesRequest.ReadConversation(fields, model.Options), findsBoundaries: false);
        await ApiEndpoint.WriteAsync(context, new JsonObject { ["input_tokens"] = prompt.Tokens.Length }).ConfigureAwait(false);
    });
}
