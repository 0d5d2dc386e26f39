using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ArchGen.Server.Http.Streams;
using ArchGen.Server.Models;
using ArchGen.Server.Operations;
using ArchGen.Server.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ArchGen.Server.Http;

/// <summary>What all endpoints share: reading the body, writing JSON, and errors in the form of their API.</summary>
internal static partial class ApiEndpoint
{
    /// <summary>Bytes that are written at once: a client that does not take so many in time is cut off.</summary>
    public const int ChunkBytes = 65_536;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A request delegate that answers errors in the form of an API. A client that has gone gets nothing.</summary>
    /// <param name="format">How errors are written.</param>
    /// <param name="handle">The endpoint.</param>
    /// <param name="access">What a request needs.</param>
    public static RequestDelegate Of(IErrorFormat format, Func<HttpContext, Task> handle, EndpointAccess access = EndpointAccess.Work) => async context =>
    {
        using var record = RequestRecord.Begin(context);
        try
        {
            var services = context.RequestServices;
            if (access != EndpointAccess.Public) RequestKey.Require(context, services.GetRequiredService<ServerOptions>().ApiKeys);
            using var running = access == EndpointAccess.Work ? services.GetRequiredService<RequestGate>().Enter(context) : null;
            using var rate = access == EndpointAccess.Work ? services.GetRequiredService<RequestRates>().Enter(context) : null;
            await handle(context).ConfigureAwait(false);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            var error = WithoutPaths(ErrorMapping.Of(exception), context.RequestServices.GetRequiredService<ModelRegistry>());
            if (exception is QueueFullException)
                error = error with { RetryAfterSeconds = context.RequestServices.GetRequiredService<ModelRegistry>().RetryAfterSeconds() };
            if (error.Status >= StatusCodes.Status500InternalServerError && exception is not ApiException)
                Failed(Log(context), RequestRecord.RouteOf(context), context.TraceIdentifier, exception);
            await WriteErrorAsync(context, format, error).ConfigureAwait(false);
        }
        finally
        {
            context.RequestServices.GetRequiredService<StreamSessions>().End(context);
        }
    };

    /// <summary>Middleware that answers and logs what an endpoint of another kind throws, such as a file of the page.</summary>
    public static async Task CatchAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            Failed(Log(context), RequestRecord.RouteOf(context), context.TraceIdentifier, exception);
            await WriteErrorAsync(context, OpenAI.OpenAIErrors.Instance, ErrorMapping.Of(exception)).ConfigureAwait(false);
        }
    }

    /// <summary>Reads the JSON object that a request has as its body. The caller disposes of the document.</summary>
    /// <exception cref="RequestException">It is no JSON, no object, or nested too deeply.</exception>
    /// <exception cref="BadHttpRequestException">It is larger than the server's limit.</exception>
    public static async Task<JsonDocument> ReadObjectAsync(HttpContext context)
    {
        var document = await ReadAsync(context).ConfigureAwait(false);
        try
        {
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                RequestLimits.Check(document.RootElement, context.RequestServices.GetRequiredService<ServerOptions>());
                return document;
            }
        }
        catch
        {
            document.Dispose();
            throw;
        }

        document.Dispose();
        throw new RequestException("The body is JSON, but no object. Send an object, such as {\"prompt\": \"Hello\"}.");
    }

    /// <summary>Reads the JSON that a request has as its body. The caller disposes of the document.</summary>
    /// <exception cref="RequestException">It is no JSON, or nested too deeply.</exception>
    /// <exception cref="BadHttpRequestException">It is larger than the server's limit.</exception>
    public static async Task<JsonDocument> ReadAsync(HttpContext context)
    {
        var limits = context.RequestServices.GetRequiredService<ServerOptions>();
        try
        {
            // Not cancelled by RequestAborted: Kestrel ends the reading itself, and would not know of a reader that has left.
            return await JsonDocument.ParseAsync(
                context.Request.Body, new JsonDocumentOptions { MaxDepth = limits.MaxJsonDepth }, CancellationToken.None).ConfigureAwait(false);
        }
        catch (JsonException error)
        {
            throw new RequestException($"The body is no JSON: {error.Message}", error);
        }
    }

    /// <summary>Writes a JSON body.</summary>
    public static async Task WriteAsync(HttpContext context, JsonNode body, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        var bytes = Bytes(body);
        context.Response.ContentLength = bytes.Length;
        for (var start = 0; start < bytes.Length; start += ChunkBytes)
        {
            var chunk = bytes.AsMemory(start, Math.Min(ChunkBytes, bytes.Length - start));
            await context.Response.Body.WriteAsync(chunk, context.RequestAborted).ConfigureAwait(false);
        }
    }

    /// <summary>A JSON value as UTF-8, with no more escapes than JSON needs.</summary>
    public static byte[] Bytes(JsonNode node)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Plain)) node.WriteTo(writer);
        return stream.ToArray();
    }

    /// <summary>Writes an error: as the answer, or as the last event of one that has begun.</summary>
    public static async Task WriteErrorAsync(HttpContext context, IErrorFormat format, ApiError error)
    {
        if (context.Response.HasStarted)
        {
            if (context.Features.Get<EventStream>() is { } stream) await stream.WriteAsync(format.Body(error), format.EventName).ConfigureAwait(false);
            else context.Features.Get<IHttpRequestLifetimeFeature>()?.Abort();
            return;
        }

        if (error.RetryAfterSeconds is { } seconds) context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await WriteAsync(context, format.Body(error), error.Status).ConfigureAwait(false);
    }

    // Errors of a model begin with its file, which is as its owner named it. Clients see the name alone.
    private static ApiError WithoutPaths(ApiError error, ModelRegistry registry)
    {
        var message = error.Message;
        foreach (var model in registry.Models)
        {
            var path = model.Options.Model.ModelPath;
            if (path.Length > 0) message = message.Replace(path, Path.GetFileName(path), StringComparison.Ordinal);
        }

        return message == error.Message ? error : error with { Message = message };
    }

    private static ILogger Log(HttpContext context) =>
        context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("ArchGen.Server.Requests");

    [LoggerMessage(LogLevel.Error, "{Route} failed, request {RequestId}")]
    private static partial void Failed(ILogger logger, string route, string requestId, Exception exception);
}
