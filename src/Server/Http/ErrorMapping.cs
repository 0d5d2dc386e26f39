using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace ArchGen.Server.Http;

/// <summary>Which error an exception is.</summary>
internal static class ErrorMapping
{
    private const int DefaultRetrySeconds = 1;

    /// <summary>The error of an exception. Messages of files and devices may have paths, and are not told to clients.</summary>
    public static ApiError Of(Exception exception) => exception switch
    {
        ApiException api => api.Error,
        ContextFullException { Tokens: { } tokens, Limit: { } limit } => ContextErrors.Of(tokens, limit),
        ContextFullException => new ApiError(StatusCodes.Status400BadRequest, ErrorKind.ContextFull, exception.Message),
        QueueFullException => new ApiError(StatusCodes.Status429TooManyRequests, ErrorKind.TooManyRequests, exception.Message)
        {
            RetryAfterSeconds = DefaultRetrySeconds,
        },
        RequestException => new ApiError(StatusCodes.Status400BadRequest, ErrorKind.InvalidRequest, exception.Message) { Field = FieldOf(exception.Message) },
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => new ApiError(
            StatusCodes.Status413PayloadTooLarge, ErrorKind.TooLarge, "The request is too large. Send less, or raise the server's limit."),
        BadHttpRequestException bad => new ApiError(bad.StatusCode, ErrorKind.InvalidRequest, "The request could not be read."),
        DeviceException or ObjectDisposedException => new ApiError(StatusCodes.Status503ServiceUnavailable, ErrorKind.Unavailable,
            "The model takes no requests: it failed or is being shut down. The server's log has the reason."),
        _ => new ApiError(StatusCodes.Status500InternalServerError, ErrorKind.Internal, "The server failed. Its log has the reason."),
    };

    // Messages about a field begin with it in quotes: see JsonFields.
    private static string? FieldOf(string message)
    {
        var end = message.StartsWith('\'') ? message.IndexOf('\'', 1) : -1;
        return end > 1 ? message[1..end] : null;
    }
}
