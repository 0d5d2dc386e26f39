using ArchGen.Server.Http;
using ArchGen.Server.OpenAI;
using ArchGen.Server.Operations;
using Microsoft.AspNetCore.Http;

namespace ArchGen.Server.Security;

/// <summary>
/// What stands before all endpoints of the server as a program of its own: the host and the origin of requests, and the answers to browsers that ask which
/// pages may call it (CORS, WHATWG Fetch section 3.2). No cookies are used, so credentials are never allowed.
/// </summary>
/// <param name="hosts">Names of the server.</param>
/// <param name="origins">Pages that may call it.</param>
internal sealed class BrowserGuard(HostPolicy hosts, OriginPolicy origins)
{
    private const string Methods = "GET, POST, DELETE, OPTIONS";
    private const string PreflightSeconds = "600";

    /// <summary>The middleware.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var (request, headers) = (context.Request, context.Response.Headers);
        headers.XContentTypeOptions = "nosniff";
        if (!hosts.Allows(request.Host.Host))
        {
            await RefuseAsync(context, "The server is not called by this name. Name it with --allowed-hosts, or call it by its address.").ConfigureAwait(false);
            return;
        }

        if (request.Headers.Origin is not [{ } origin])
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        headers.Append("Vary", "Origin");
        var isAllowed = origins.Allows(origin, request);
        if (isAllowed)
        {
            headers.AccessControlAllowOrigin = origin;
            headers.AccessControlExposeHeaders = $"{RequestRecord.IdHeader}, Retry-After";
        }

        if (HttpMethods.IsOptions(request.Method) && request.Headers.AccessControlRequestMethod.Count > 0) Preflight(request, headers, isAllowed);
        else if (isAllowed || HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) await next(context).ConfigureAwait(false);
        else await RefuseAsync(context, "Pages of this origin may not call the server. Name the origin with --cors-origins.").ConfigureAwait(false);
    }

    // Authorization is not among the headers that * means, so those that are asked for are named.
    private static void Preflight(HttpRequest request, IHeaderDictionary headers, bool isAllowed)
    {
        headers.AccessControlAllowMethods = Methods;
        headers.AccessControlAllowHeaders = isAllowed && request.Headers.AccessControlRequestHeaders is [{ } asked] ? asked : "*";
        headers.AccessControlMaxAge = PreflightSeconds;
        headers.ContentLength = 0;
    }

    private static Task RefuseAsync(HttpContext context, string message)
    {
        using var record = RequestRecord.Begin(context);
        return ApiEndpoint.WriteErrorAsync(context, OpenAIErrors.Instance, new ApiError(StatusCodes.Status403Forbidden, ErrorKind.Forbidden, message));
    }
}
