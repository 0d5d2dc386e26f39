using ArchGen.Server.Http;
using ArchGen.Server.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ArchGen.Server.LlamaCpp;

/// <summary>What the endpoints of llama.cpp's API share.</summary>
internal static class LlamaCppRequest
{
    /// <summary>Holds the model of the query's <c>model</c>, or the first one.</summary>
    public static Task<ModelLease> AcquireAsync(HttpContext context)
    {
        var registry = context.RequestServices.GetRequiredService<ModelRegistry>();
        return registry.AcquireAsync(context.Request.Query["model"].FirstOrDefault(), context.RequestAborted);
    }

    /// <summary>The error of an endpoint that the server was not started with.</summary>
    public static ApiException NotStarted(string what, string option) => new(new ApiError(
        StatusCodes.Status501NotImplemented, ErrorKind.NotSupported, $"This server does not offer {what}. Start it with {option}."));
}
