using System.Text.Json.Nodes;
using ArchGen.Server.Http;

namespace ArchGen.Server.OpenAI;

/// <summary>Errors as OpenAI's API has them, with llama.cpp's names for what OpenAI does not have.</summary>
internal sealed class OpenAIErrors : IErrorFormat
{
    /// <summary>The format.</summary>
    public static OpenAIErrors Instance { get; } = new();

    /// <inheritdoc/>
    public string? EventName => null;

    /// <inheritdoc/>
    public JsonObject Body(ApiError error)
    {
        var fields = new JsonObject
        {
            ["code"] = error.Status,
            ["message"] = error.Message,
            ["type"] = Type(error.Kind),
            ["param"] = error.Field,
        };
        foreach (var (name, value) in error.Details ?? []) fields[name] = value?.DeepClone();
        return new JsonObject { ["error"] = fields };
    }

    private static string Type(ErrorKind kind) => kind switch
    {
        ErrorKind.InvalidRequest or ErrorKind.TooLarge => "invalid_request_error",
        ErrorKind.ContextFull => "exceed_context_size_error",
        ErrorKind.Authentication => "authentication_error",
        ErrorKind.Forbidden => "permission_error",
        ErrorKind.NotFound => "not_found_error",
        ErrorKind.TooManyRequests => "rate_limit_error",
        ErrorKind.NotSupported => "not_supported_error",
        ErrorKind.Unavailable => "unavailable_error",
        _ => "server_error",
    };
}
