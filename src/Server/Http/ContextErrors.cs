using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace ArchGen.Server.Http;

/// <summary>The error of an input that is longer than the context.</summary>
internal static class ContextErrors
{
    /// <summary>The error as an exception.</summary>
    /// <param name="tokens">The tokens of the input.</param>
    /// <param name="limit">The tokens that fit.</param>
    public static ApiException TooLong(int tokens, int limit) => new(Of(tokens, limit));

    /// <summary>The error. Clients know it by its words, which are those of llama.cpp.</summary>
    public static ApiError Of(int tokens, int limit) => new(
        StatusCodes.Status400BadRequest, ErrorKind.ContextFull,
        $"The input of {tokens} tokens is too large: it exceeds the available context size of {limit} tokens. Shorten it, or raise the server's context size.")
    {
        Details = new JsonObject { ["n_prompt_tokens"] = tokens, ["n_ctx"] = limit },
    };
}
