using System.Text.Json;
using System.Text.Json.Nodes;
using ArchGen.Server.Generation;
using ArchGen.Server.Http;
using Microsoft.AspNetCore.Http;

namespace ArchGen.Server.LlamaCpp;

/// <summary><c>/lora-adapters</c>: the adapters of the model, and which of them are on for requests that say nothing.</summary>
internal static class AdapterEndpoints
{
    /// <summary>Lists them.</summary>
    public static async Task ListAsync(HttpContext context)
    {
        using var lease = await LlamaCppRequest.AcquireAsync(context).ConfigureAwait(false);
        var adapters = AdapterFields.Json(lease.Model.Adapters.DefaultSet, lease.Model);
        for (var i = 0; i < adapters.Count; i++) adapters[i]!["path"] = Path.GetFileName(lease.Model.Adapters.List[i].Path);
        await ApiEndpoint.WriteAsync(context, adapters).ConfigureAwait(false);
    }

    /// <summary>Switches them on and off.</summary>
    public static async Task SetAsync(HttpContext context)
    {
        using var body = await ApiEndpoint.ReadAsync(context).ConfigureAwait(false);
        if (body.RootElement.ValueKind != JsonValueKind.Array)
            throw new RequestException("""The body is no array; expected one such as [{"id": 0, "scale": 1}].""");
        using var lease = await LlamaCppRequest.AcquireAsync(context).ConfigureAwait(false);
        var adapters = new List<JsonFields>();
        foreach (var item in body.RootElement.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object) throw new RequestException($"Element {adapters.Count} of the body is no object.");
            adapters.Add(new JsonFields(item, $"[{adapters.Count}]"));
        }

        lease.Model.Adapters.Default = AdapterFields.Combination(adapters, lease.Model);
        await ApiEndpoint.WriteAsync(context, new JsonObject { ["success"] = true }).ConfigureAwait(false);
    }
}
