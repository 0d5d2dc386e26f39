using System.Text.Json.Nodes;
using ArchGen.Samples.Router.Routing;

namespace ArchGen.Samples.Router.Proxy;

/// <summary>Reads the body of a request into memory, so that its prompt can be looked at and it can be sent again.</summary>
/// <param name="next">What follows.</param>
/// <param name="options">The limits.</param>
internal sealed class RequestBuffering(RequestDelegate next, RouterOptions options)
{
    // What computes an answer and changes nothing: it can be sent again.
    private static readonly string[] Repeatable =
    [
        "/completions", "/completion", "/infill", "/messages", "/count_tokens", "/responses", "/input_tokens", "/embeddings", "/embedding", "/rerank",
        "/reranking", "/tokenize", "/detokenize", "/apply-template",
    ];

    // Answers that are not continued have no use for a prefix.
    private static readonly string[] WithoutPrefix = ["/embeddings", "/embedding", "/rerank", "/reranking", "/tokenize", "/detokenize"];

    /// <summary>Reads the body.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        ReadOnlyMemory<byte> body = default;
        if (HttpMethods.IsPost(request.Method) || HttpMethods.IsPut(request.Method) || HttpMethods.IsPatch(request.Method))
        {
            using var buffer = new MemoryStream();
            try
            {
                await request.Body.CopyToAsync(buffer, context.RequestAborted);
            }
            catch (BadHttpRequestException error)
            {
                await WriteErrorAsync(context, error.StatusCode, error.StatusCode == StatusCodes.Status413PayloadTooLarge
                    ? $"The request has more than {options.MaxRequestBytes} bytes." : error.Message, "invalid_request_error");
                return;
            }

            body = buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
            request.Body = new MemoryStream(buffer.GetBuffer(), 0, (int)buffer.Length, writable: false);
        }

        var path = request.Path.Value ?? "";
        var isPost = HttpMethods.IsPost(request.Method);
        context.Features.Set(new RoutedRequest
        {
            Chain = isPost && !EndsWith(path, WithoutPrefix) ? PromptReader.Read(body, options.Routing) : [],
            IsRepeatable = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || (isPost && EndsWith(path, Repeatable)),
        });
        await next(context);
    }

    /// <summary>Writes an error as OpenAI's API has them.</summary>
    public static async Task WriteErrorAsync(HttpContext context, int status, string message, string type)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        var error = new JsonObject { ["error"] = new JsonObject { ["code"] = status, ["message"] = message, ["type"] = type } };
        await context.Response.WriteAsync(error.ToJsonString(), context.RequestAborted);
    }

    private static bool EndsWith(string path, string[] ends) => Array.Exists(ends, end => path.EndsWith(end, StringComparison.OrdinalIgnoreCase));
}
