using System.Text;
using System.Text.Json.Nodes;
using ArchGen.Server.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ArchGen.Server.LlamaCpp;

/// <summary>
/// Vertex AI's <c>predict</c>: each instance is a request of another endpoint, which it names by <c>@requestFormat</c>: by the path, or by its words as
/// llama.cpp writes them, such as <c>chatCompletions</c>.
/// </summary>
internal static class PredictEndpoint
{
    private const string Format = "@requestFormat";
    private const int MaxInstances = 128;

    /// <summary>Answers a request.</summary>
    public static async Task AnswerAsync(HttpContext context)
    {
        using var body = await ApiEndpoint.ReadObjectAsync(context).ConfigureAwait(false);
        var fields = new JsonFields(body.RootElement);
        var instances = fields.Objects("instances") ?? throw fields.Missing("instances", "an array of requests");
        if (instances.Count > MaxInstances) throw new RequestException($"'instances' has {instances.Count} elements; expected at most {MaxInstances}.");
        var endpoints = Endpoints(context);
        var requests = instances.Select(instance => (Endpoint: Find(instance, endpoints), Body: Body(instance))).ToList();
        var predictions = await Task.WhenAll(requests.Select(request => PredictAsync(context, request.Endpoint, request.Body))).ConfigureAwait(false);
        await ApiEndpoint.WriteAsync(context, new JsonObject { ["predictions"] = new JsonArray(predictions) }).ConfigureAwait(false);
    }

    // Those under /v1 go before others of the same words.
    private static Dictionary<string, RouteEndpoint> Endpoints(HttpContext context)
    {
        var own = context.RequestServices.GetRequiredService<ServerOptions>().PredictPath;
        var found = new Dictionary<string, RouteEndpoint>(StringComparer.Ordinal);
        foreach (var endpoint in context.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var path = "/" + endpoint.RoutePattern.RawText?.TrimStart('/');
            var isPost = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains(HttpMethods.Post) ?? false;
            if (path == own || !isPost || endpoint.RoutePattern.Parameters.Count > 0) continue;
            found[path] = endpoint;
            if (path.StartsWith("/v1/", StringComparison.Ordinal)) found[Words(path[4..])] = endpoint;
            else found.TryAdd(Words(path[1..]), endpoint);
        }

        return found;
    }

    private static string Words(string path)
    {
        var words = path.Split('/', '-', '_').Where(word => word.Length > 0).ToArray();
        return string.Concat(words.Select((word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
    }

    private static RouteEndpoint Find(in JsonFields instance, Dictionary<string, RouteEndpoint> endpoints)
    {
        var format = instance.RequiredText(Format);
        return endpoints.GetValueOrDefault(format) ?? throw new RequestException($"'{instance.At(Format)}' is '{format}'; there is no such endpoint.");
    }

    private static byte[] Body(in JsonFields instance)
    {
        var body = JsonNode.Parse(instance.Element.GetRawText())!.AsObject();
        body.Remove(Format);
        // There is one answer for all instances.
        body["stream"] = false;
        return Encoding.UTF8.GetBytes(body.ToJsonString());
    }

    private static async Task<JsonNode?> PredictAsync(HttpContext context, RouteEndpoint endpoint, byte[] body)
    {
        using var answer = new MemoryStream();
        var inner = new DefaultHttpContext
        {
            RequestServices = context.RequestServices,
            RequestAborted = context.RequestAborted,
            TraceIdentifier = context.TraceIdentifier,
        };
        inner.Connection.RemoteIpAddress = context.Connection.RemoteIpAddress;
        foreach (var (name, value) in context.Request.Headers) inner.Request.Headers[name] = value;
        inner.Request.Method = HttpMethods.Post;
        inner.Request.Path = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
        inner.Request.Body = new MemoryStream(body);
        inner.Request.ContentLength = body.Length;
        inner.Response.Body = answer;
        inner.SetEndpoint(endpoint);
        await endpoint.RequestDelegate!(inner).ConfigureAwait(false);
        context.RequestAborted.ThrowIfCancellationRequested();
        return JsonNode.Parse(answer.ToArray());
    }
}
