using System.Text.Json.Nodes;
using ArchGen.Server.Http;
using ArchGen.Server.OpenAI;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ArchGen.Server.Operations;

/// <summary>
/// Whether the server lives and is ready: <c>/health</c> as llama.cpp has it, <c>/health/live</c> and <c>/health/ready</c> for orchestrators. They need no
/// key, and no engine: they are answered while a prompt is computed.
/// </summary>
internal static class HealthEndpoints
{
    /// <summary>Maps them.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        foreach (var prefix in (string[])["", "/v1"])
            endpoints.MapGet($"{prefix}/health", ApiEndpoint.Of(OpenAIErrors.Instance, HealthAsync, EndpointAccess.Public));
        endpoints.MapGet("/health/live", ApiEndpoint.Of(
            OpenAIErrors.Instance, context => ApiEndpoint.WriteAsync(context, new JsonObject { ["status"] = "live" }), EndpointAccess.Public));
        endpoints.MapGet("/health/ready", ApiEndpoint.Of(OpenAIErrors.Instance, ReadyAsync, EndpointAccess.Public));
    }

    private static Task HealthAsync(HttpContext context)
    {
        var message = context.RequestServices.GetRequiredService<Readiness>().State switch
        {
            "loading" => "Loading model",
            "failed" => "The model could not be loaded",
            "draining" => "The server is being shut down",
            "wedged" => "The model does not go on",
            _ => null,
        };
        if (message is null) return ApiEndpoint.WriteAsync(context, new JsonObject { ["status"] = "ok" });
        var error = new JsonObject { ["code"] = StatusCodes.Status503ServiceUnavailable, ["message"] = message, ["type"] = "unavailable_error" };
        return ApiEndpoint.WriteAsync(context, new JsonObject { ["error"] = error }, StatusCodes.Status503ServiceUnavailable);
    }

    private static Task ReadyAsync(HttpContext context)
    {
        var state = context.RequestServices.GetRequiredService<Readiness>().State;
        return ApiEndpoint.WriteAsync(
            context, new JsonObject { ["status"] = state }, state == "ready" ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
