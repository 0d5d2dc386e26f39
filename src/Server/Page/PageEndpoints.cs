using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace ArchGen.Server.Page;

/// <summary>
/// The chat page: files that need no key, since they tell nothing. Its requests go to the same server with the user's key. Texts of models never run in it:
/// the page cleans them, and its policy (Content Security Policy, Level 3) forbids what is not of the page.
/// </summary>
internal static class PageEndpoints
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; " +
        "base-uri 'none'; form-action 'none'; frame-src 'none'; frame-ancestors 'none'; object-src 'none'; " +
        "require-trusted-types-for 'script'; trusted-types dompurify";

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps them, unless <see cref="ServerOptions.ServesPage"/> is off. A page of the application at the same address goes first.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        if (!endpoints.ServiceProvider.GetRequiredService<ServerOptions>().ServesPage) return;
        var files = PageFile.ReadAll();
        endpoints.MapMethods("/", Methods, context => IndexAsync(context, files["index.html"])).WithOrder(1);
        foreach (var file in files.Values) endpoints.MapMethods($"/{file.Name}", Methods, context => SendAsync(context, file)).WithOrder(1);
    }

    // The page's addresses are relative: below /chat they would be wrong, below /chat/ they are right.
    private static Task IndexAsync(HttpContext context, PageFile index)
    {
        var address = context.Request.PathBase + context.Request.Path;
        if (address.Value!.EndsWith('/')) return SendAsync(context, index);
        context.Response.Redirect(address.ToUriComponent() + "/" + context.Request.QueryString.ToUriComponent(), permanent: true, preserveMethod: true);
        return Task.CompletedTask;
    }

    private static async Task SendAsync(HttpContext context, PageFile file)
    {
        var (request, response) = (context.Request, context.Response);
        var coding = Coding(request.GetTypedHeaders(), file);
        var headers = response.Headers;
        headers.CacheControl = file.IsHashed ? "public, max-age=31536000, immutable" : "no-cache";
        headers.ETag = file.EntityTag;
        headers.Vary = "Accept-Encoding";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = Policy;
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        if (request.GetTypedHeaders().IfNoneMatch.Any(tag => tag.Compare(EntityTagHeaderValue.Any, useStrongComparison: false) || tag.Tag == file.EntityTag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var bytes = file.Read(coding);
        if (coding != "identity") headers.ContentEncoding = coding;
        response.ContentType = file.ContentType;
        response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(request.Method)) await response.Body.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
    }

    private static string Coding(RequestHeaders headers, PageFile file)
    {
        var accepted = headers.AcceptEncoding.Where(item => item.Quality is not 0).Select(item => item.Value.ToString())
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return file.Codings.FirstOrDefault(accepted.Contains) ?? "identity";
    }
}
