using System.Text.Json.Nodes;
using ArchGen.Server.Http;
using ArchGen.Server.Models;
using ArchGen.Server.OpenAI;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ArchGen.Server.Operations;

/// <summary><c>POST /models/load</c> and <c>POST /models/unload</c>, as llama.cpp has them.</summary>
internal static class ModelEndpoints
{
    /// <summary>Maps them.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        foreach (var prefix in (string[])["", "/v1"])
        {
            endpoints.MapPost($"{prefix}/models/load", ApiEndpoint.Of(
                OpenAIErrors.Instance, context => ChangeAsync(context, (registry, model) => registry.LoadAsync(model, context.RequestAborted))));
            endpoints.MapPost($"{prefix}/models/unload", ApiEndpoint.Of(
                OpenAIErrors.Instance, context => ChangeAsync(context, (registry, model) => registry.UnloadAsync(model, context.RequestAborted))));
        }
    }

    private static async Task ChangeAsync(HttpContext context, Func<ModelRegistry, ServedModel, Task> change)
    {
        using var body = await ApiEndpoint.ReadObjectAsync(context).ConfigureAwait(false);
        var name = new JsonFields(body.RootElement).RequiredText("model");
        var registry = context.RequestServices.GetRequiredService<ModelRegistry>();
        var model = registry.Find(name) ?? throw registry.NotFound(name);
        await change(registry, model).ConfigureAwait(false);
        await ApiEndpoint.WriteAsync(context, new JsonObject { ["success"] = true, ["model"] = model.Id, ["status"] = model.Status() }).ConfigureAwait(false);
    }
}
