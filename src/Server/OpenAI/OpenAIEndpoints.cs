using System.Text.Json.Nodes;
using ArchGen.Server.Http;
using ArchGen.Server.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ArchGen.Server.OpenAI;

/// <summary>The endpoints of OpenAI's API, under <c>/v1</c> and, as llama.cpp has them, without it.</summary>
internal static class OpenAIEndpoints
{
    /// <summary>Maps them.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        foreach (var prefix in (string[])["/v1", ""]) endpoints.MapGet($"{prefix}/models", ApiEndpoint.Of(OpenAIErrors.Instance, ModelsAsync, EndpointAccess.Public));
    }

    private static Task ModelsAsync(HttpContext context)
    {
        var registry = context.RequestServices.GetRequiredService<ModelRegistry>();
        var data = new JsonArray([.. registry.Models.Select(model => new JsonObject
        {
            ["id"] = model.Id,
            ["object"] = "model",
            ["owned_by"] = "archgen",
            ["status"] = model.Status(),
        })]);
        return ApiEndpoint.WriteAsync(context, new JsonObject { ["object"] = "list", ["data"] = data });
    }
}
