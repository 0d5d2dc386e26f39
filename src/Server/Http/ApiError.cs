using System.Text.Json.Nodes;

namespace ArchGen.Server.Http;

/// <summary>What went wrong with a request, before it is written in the form of an API.</summary>
/// <param name="Status">The HTTP status code.</param>
/// <param name="Kind">What kind of error it is.</param>
/// <param name="Message">What happened and what to do, without paths of this machine.</param>
internal sealed record ApiError(int Status, ErrorKind Kind, string Message)
{
    /// <summary>Seconds after which it is worth trying again; null if that is not known.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>The name of the field that is wrong; null if it is no single one.</summary>
    public string? Field { get; init; }

    /// <summary>Further fields of the error object, such as <c>n_prompt_tokens</c>; null for none.</summary>
    public JsonObject? Details { get; init; }
}

/// <summary>The kinds of errors: each API has a name for each of them.</summary>
internal enum ErrorKind
{
    /// <summary>The request is wrong.</summary>
    InvalidRequest,

    /// <summary>The prompt is longer than the context.</summary>
    ContextFull,

    /// <summary>There is no key, or a wrong one.</summary>
    Authentication,

    /// <summary>The key is right, but this is not allowed.</summary>
    Forbidden,

    /// <summary>There is no such model or endpoint.</summary>
    NotFound,

    /// <summary>The body is too large.</summary>
    TooLarge,

    /// <summary>Too many requests wait, or of this key.</summary>
    TooManyRequests,

    /// <summary>The endpoint is there, but not for this model or configuration.</summary>
    NotSupported,

    /// <summary>The model is being loaded, or the server shuts down.</summary>
    Unavailable,

    /// <summary>The server failed.</summary>
    Internal,
}
