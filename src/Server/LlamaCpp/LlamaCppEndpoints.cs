using System.Text.Json.Nodes;
using ArchGen.Server.Http;
using ArchGen.Server.Models;
using ArchGen.Server.OpenAI;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ArchGen.Server.LlamaCpp;

/// <summary>The endpoints of llama.cpp's own API.</summary>
internal static class LlamaCppEndpoints
{
    /// <summary>Maps them.</summary>
    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/tokenize", ApiEndpoint.Of(OpenAIErrors.Instance, TokenizeAsync));

    private static async Task TokenizeAsync(HttpContext context)
    {
        using var body = await ApiEndpoint.ReadObjectAsync(context).ConfigureAwait(false);
        var fields = new JsonFields(body.RootElement);
        var registry = context.RequestServices.GetRequiredService<ModelRegistry>();
        using var lease = await registry.AcquireAsync(fields, context.RequestAborted).ConfigureAwait(false);
        var tokens = lease.Model.Model.Tokenizer.Encode(
            fields.Text("content") ?? "", fields.Flag("add_special") ?? false, fields.Flag("parse_special") ?? true);
        await ApiEndpoint.WriteAsync(context, new JsonObject { ["tokens"] = new JsonArray([.. tokens]) }).ConfigureAwait(false);
    }
}
