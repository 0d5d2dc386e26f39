using System.Text.Json.Nodes;
using ArchGen.Chat.Conversations;
using ArchGen.Server.Http;
using ArchGen.Server.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ArchGen.Server.Responses;

/// <summary>OpenAI's Responses API, under <c>/v1</c> and, as llama.cpp has it, without it. Nothing is stored.</summary>
internal static class ResponsesEndpoints
{
    /// <summary>Maps them.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        foreach (var prefix in (string[])["/v1", ""])
        {
            endpoints.MapPost($"{prefix}/responses", Of(CreateAsync));
            endpoints.MapPost($"{prefix}/responses/input_tokens", Of(CountAsync));
        }
    }

    private static RequestDelegate Of(Func<HttpContext, ResponsesErrors, Task> handle) => context =>
    {
        var errors = new ResponsesErrors();
        return ApiEndpoint.Of(errors, inner => handle(inner, errors))(context);
    };

    private static Task CreateAsync(HttpContext context, ResponsesErrors errors) => ModelRequest.HandleAsync(context, async (fields, model) =>
    {
        var request = ResponsesRequest.Read(fields, model);
        var warnings = new List<string>();
        using var answer = model.Chat.Submit(request.Conversation, request.Generation, warnings, context.RequestAborted);
        var clock = context.RequestServices.GetRequiredService<ServerOptions>().Clock;
        var response = new ResponseWriter(request, ResponseEcho.Of(fields, request, model.Id), warnings, model.Model.Tokenizer, clock);
        if (request.IsStreamed)
        {
            errors.Response = response;
            await StreamAsync(context, answer, response).ConfigureAwait(false);
            return;
        }

        var events = new List<JsonObject>();
        await foreach (var update in answer.WithCancellation(context.RequestAborted).ConfigureAwait(false))
        {
            response.Add(update, events);
            events.Clear();
        }

        await ApiEndpoint.WriteAsync(context, response.Response()).ConfigureAwait(false);
    });

    private static async Task StreamAsync(HttpContext context, ChatStream answer, ResponseWriter response)
    {
        await using var stream = await EventStream.BeginAsync(context).ConfigureAwait(false);
        var events = new List<JsonObject>();
        response.Begin(events);
        await WriteAsync(stream, events).ConfigureAwait(false);
        await foreach (var update in answer.WithCancellation(context.RequestAborted).ConfigureAwait(false))
        {
            response.Add(update, events);
            await WriteAsync(stream, events).ConfigureAwait(false);
        }
    }

    private static async Task WriteAsync(EventStream stream, List<JsonObject> events)
    {
        foreach (var next in events) await stream.WriteAsync(next, (string?)next["type"]).ConfigureAwait(false);
        events.Clear();
    }

    private static Task CountAsync(HttpContext context, ResponsesErrors errors) => ModelRequest.HandleAsync(context, async (fields, model) =>
    {
        var prompt = model.Chat.Template.Render(ResponsesRequest.ReadConversation(fields, model.Options), findsBoundaries: false);
        await ApiEndpoint.WriteAsync(context, new JsonObject
        {
            ["object"] = "response.input_tokens",
            ["input_tokens"] = prompt.Tokens.Length,
        }).ConfigureAwait(false);
    });
}
