using System.Text.Json.Nodes;
using ArchGen.Server.Http;
using ArchGen.Server.OpenAI;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace ArchGen.Server.Operations;

/// <summary>Whether the server lives and is ready.</summary>
internal static class HealthEndpoints
{
    /// <summary>Maps them.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        foreach (var prefix in (string[])["", "/v1"])
        {
            endpoints.MapGet($"{prefix}/health", ApiEndpoint.Of(
                OpenAIErrors.Instance, context => ApiEndpoint.WriteAsync(context, new JsonObject { ["status"] = "ok" })));
        }
    }
}
