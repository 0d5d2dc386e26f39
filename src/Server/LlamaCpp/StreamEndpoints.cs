using System.Globalization;
using System.Text.Json.Nodes;
using ArchGen.Server.Http;
using ArchGen.Server.Http.Streams;
using ArchGen.Server.OpenAI;
using ArchGen.Server.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ArchGen.Server.LlamaCpp;

/// <summary><c>/v1/stream</c>: reads an answer again or further, and ends it. Only its owner's key finds it.</summary>
internal static class StreamEndpoints
{
    private const int BufferBytes = 16_384;

    /// <summary>Maps them.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/v1/stream", Of(ReadAsync));
        endpoints.MapDelete("/v1/stream", Of(DeleteAsync));
        endpoints.MapPost("/v1/streams/lookup", Of(LookUpAsync));
    }

    private static RequestDelegate Of(Func<HttpContext, Task> answer) => ApiEndpoint.Of(OpenAIErrors.Instance, answer, EndpointAccess.Monitoring);

    private static StreamSessions Sessions(HttpContext context) => context.RequestServices.GetRequiredService<StreamSessions>();

    private static string Id(HttpContext context) => context.Request.Query["conv_id"] is [{ Length: > 0 } id] ? id
        : throw new RequestException("The query has no conv_id; expected the id that the request had in X-Conversation-Id.");

    private static async Task ReadAsync(HttpContext context)
    {
        var session = Sessions(context).Find(RequestKey.OwnerOf(context), Id(context)) ?? throw new ApiException(new ApiError(
            StatusCodes.Status404NotFound, ErrorKind.NotFound, "There is no answer of this conversation, or it ended more than five minutes ago."));
        var from = From(context);
        if (session.Length == 0 && session.Ended is null)
        {
            throw new ApiException(new ApiError(StatusCodes.Status503ServiceUnavailable, ErrorKind.Unavailable, "The answer has not begun. Try again.")
            {
                RetryAfterSeconds = 1,
            });
        }

        var buffer = new byte[BufferBytes];
        var count = await session.ReadAsync(from, buffer, context.RequestAborted).ConfigureAwait(false);
        if (count < 0) throw new RequestException($"The first bytes of the answer, with that at {from}, are no longer kept. Ask for the answer again.");
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        for (; count > 0; count = await session.ReadAsync(from, buffer, context.RequestAborted).ConfigureAwait(false))
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, count), context.RequestAborted).ConfigureAwait(false);
            await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            from += count;
        }

        // A reader who was slower than the answer must not take what it has for all.
        if (count < 0) context.Abort();
    }

    private static long From(HttpContext context)
    {
        if (context.Request.Query["from"] is not [{ Length: > 0 } text]) return 0;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var from) ? from
            : throw new RequestException($"'from' is '{text}'; expected a number of bytes.");
    }

    private static Task DeleteAsync(HttpContext context)
    {
        Sessions(context).Remove(RequestKey.OwnerOf(context), Id(context));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static async Task LookUpAsync(HttpContext context)
    {
        using var body = await ApiEndpoint.ReadObjectAsync(context).ConfigureAwait(false);
        var ids = new JsonFields(body.RootElement).Texts("conversation_ids") ?? [];
        var owner = RequestKey.OwnerOf(context);
        var found = ids.Distinct().SelectMany(id => Sessions(context).FindAll(owner, id));
        await ApiEndpoint.WriteAsync(context, new JsonArray([.. found.Select(session => (JsonNode)new JsonObject
        {
            ["conversation_id"] = session.Id,
            ["is_done"] = session.Ended is not null,
            ["total_bytes"] = session.Length,
            ["started_at"] = session.Started.ToUnixTimeSeconds(),
            ["completed_at"] = session.Ended?.ToUnixTimeSeconds() ?? 0,
        })])).ConfigureAwait(false);
    }
}
