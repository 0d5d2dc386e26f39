using ArchGen.Server.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ArchGen.Server.OpenAI;

/// <summary>The endpoints of OpenAI's API, under <c>/v1</c> and, as llama.cpp has them, most also without it.</summary>
internal static class OpenAIEndpoints
{
    /// <summary>Maps them.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        foreach (var prefix in (string[])["/v1", ""])
        {
            endpoints.MapGet($"{prefix}/models", Of(ModelEndpoints.ListAsync, EndpointAccess.Public));
            endpoints.MapPost($"{prefix}/chat/completions", Of(ChatEndpoint.CompleteAsync));
            endpoints.MapPost($"{prefix}/chat/completions/input_tokens", Of(ChatEndpoint.CountAsync));
        }

        // Names of models may have slashes. Without the prefix, these paths are llama.cpp's own API.
        endpoints.MapGet("/v1/models/{**id}", ApiEndpoint.Of(OpenAIErrors.Instance, ModelEndpoints.GetAsync, EndpointAccess.Public));
        endpoints.MapPost("/v1/completions", Of(CompletionEndpoint.CompleteAsync));
        endpoints.MapPost("/v1/embeddings", Of(EmbeddingEndpoint.EmbedAsync));
    }

    private static RequestDelegate Of(Func<HttpContext, Task> handle, EndpointAccess access = EndpointAccess.Work) =>
        ApiEndpoint.Of(OpenAIErrors.Instance, handle, access);
}
