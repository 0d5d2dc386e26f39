using System.Text.Json.Nodes;
using ArchGen.Server.Http;
using Microsoft.AspNetCore.Http;

namespace ArchGen.Server.Anthropic;

/// <summary>Errors as Anthropic's API has them (docs: "Errors"): the types and status codes of its documentation.</summary>
/// <param name="context">The request, whose id an error has.</param>
internal sealed class AnthropicErrors(HttpContext context) : IErrorFormat
{
    // "The API is temporarily overloaded": a full queue. 429 is for the limits of a key.
    private const int OverloadedStatus = 529;

    /// <inheritdoc/>
    public string? EventName => "error";

    /// <inheritdoc/>
    public JsonObject Body(ApiError error) => new()
    {
        ["type"] = "error",
        ["error"] = new JsonObject { ["type"] = Type(error), ["message"] = error.Message },
        ["request_id"] = context.TraceIdentifier,
    };

    /// <summary>The error that too many requests wait.</summary>
    /// <param name="exception">What the engine says.</param>
    /// <param name="retrySeconds">Seconds after which it is worth trying again.</param>
    public static ApiError Overloaded(QueueFullException exception, int retrySeconds) =>
        ErrorMapping.Of(exception) with { Status = OverloadedStatus, Kind = ErrorKind.Unavailable, RetryAfterSeconds = retrySeconds };

    /// <summary>
    /// The error that a conversation is longer than the context. Clients that shorten a conversation by themselves know it by its first words.
    /// </summary>
    public static ApiError TooLong(ContextFullException exception)
    {
        var numbers = exception is { Tokens: { } tokens, Limit: { } limit } ? $"{tokens} tokens > {limit} maximum. " : "";
        return ErrorMapping.Of(exception) with { Message = $"prompt is too long: {numbers}{exception.Message}" };
    }

    private static string Type(ApiError error) => error.Kind switch
    {
        ErrorKind.InvalidRequest or ErrorKind.ContextFull or ErrorKind.NotSupported => "invalid_request_error",
        ErrorKind.TooLarge => "request_too_large",
        ErrorKind.Authentication => "authentication_error",
        ErrorKind.Forbidden => "permission_error",
        ErrorKind.NotFound => "not_found_error",
        ErrorKind.TooManyRequests => "rate_limit_error",
        ErrorKind.Unavailable => "overloaded_error",
        _ => error.Status == StatusCodes.Status504GatewayTimeout ? "timeout_error" : "api_error",
    };
}
