using ArchGen.Server.Http;
using ArchGen.Server.LlamaCpp.Slots;
using ArchGen.Server.OpenAI;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ArchGen.Server.LlamaCpp;

/// <summary>The endpoints of llama.cpp's own API. Its errors are those of OpenAI's.</summary>
internal static class LlamaCppEndpoints
{
    /// <summary>Maps them.</summary>
    public static void Map(IEndpointRouteBuilder endpoints, ServerOptions options)
    {
        Post(endpoints, Completions.CompletionEndpoint.AnswerAsync, "/completion", "/completions");
        Post(endpoints, InfillEndpoint.AnswerAsync, "/infill");
        Post(endpoints, TokenEndpoints.TokenizeAsync, "/tokenize");
        Post(endpoints, TokenEndpoints.DetokenizeAsync, "/detokenize");
        Post(endpoints, TemplateEndpoint.AnswerAsync, "/apply-template");
        Post(endpoints, LlamaCpp.EmbeddingEndpoint.AnswerAsync, "/embedding", "/embeddings");
        Post(endpoints, RerankEndpoint.AnswerAsync, "/rerank", "/reranking", "/v1/rerank", "/v1/reranking");
        Get(endpoints, PropsEndpoints.GetAsync, "/props");
        Post(endpoints, PropsEndpoints.SetAsync, "/props");
        Get(endpoints, SlotEndpoints.ListAsync, "/slots");
        Post(endpoints, SlotEndpoints.ChangeAsync, "/slots/{id}");
        Get(endpoints, AdapterEndpoints.ListAsync, "/lora-adapters");
        Post(endpoints, AdapterEndpoints.SetAsync, "/lora-adapters");
        Post(endpoints, ControlEndpoint.AnswerAsync, "/v1/chat/completions/control", "/chat/completions/control");
        if (options.PredictPath is { } path)
            endpoints.MapPost(path, ApiEndpoint.Of(OpenAIErrors.Instance, PredictEndpoint.AnswerAsync, EndpointAccess.Monitoring));
    }

    private static void Get(IEndpointRouteBuilder endpoints, Func<HttpContext, Task> answer, string path) =>
        endpoints.MapGet(path, ApiEndpoint.Of(OpenAIErrors.Instance, answer));

    private static void Post(IEndpointRouteBuilder endpoints, Func<HttpContext, Task> answer, params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths) endpoints.MapPost(path, ApiEndpoint.Of(OpenAIErrors.Instance, answer));
    }
}
