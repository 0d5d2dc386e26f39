using ArchGen.Server.Http;
using ArchGen.Server.Http.Streams;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ArchGen.Server.Models;

/// <summary>What all requests to a model share, whatever API they have.</summary>
internal static class ModelRequest
{
    /// <summary>Reads the body of a request, and holds the model that it names while it is answered.</summary>
    public static async Task HandleAsync(HttpContext context, Func<JsonFields, ServedModel, Task> answer)
    {
        using var body = await ApiEndpoint.ReadObjectAsync(context).ConfigureAwait(false);
        var fields = new JsonFields(body.RootElement);
        context.RequestServices.GetRequiredService<StreamSessions>().Begin(context, fields);
        var registry = context.RequestServices.GetRequiredService<ModelRegistry>();
        using var lease = await registry.AcquireAsync(fields, context.RequestAborted).ConfigureAwait(false);
        await answer(fields, lease.Model).ConfigureAwait(false);
    }
}
