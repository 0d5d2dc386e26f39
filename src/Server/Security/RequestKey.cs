using ArchGen.Server.Http;
using Microsoft.AspNetCore.Http;

namespace ArchGen.Server.Security;

/// <summary>The key of a request, as <c>Authorization: Bearer KEY</c> or <c>x-api-key: KEY</c>.</summary>
internal static class RequestKey
{
    private const string Scheme = "Bearer ";
    private static readonly object Item = new();

    /// <summary>Checks the key, and remembers whose request it is.</summary>
    /// <exception cref="ApiException">It has none, or a wrong one.</exception>
    public static void Require(HttpContext context, ApiKeySet keys)
    {
        if (keys.Count == 0) return;
        var number = keys.Find(KeyOf(context.Request));
        if (number < 0)
        {
            throw new ApiException(new ApiError(
                StatusCodes.Status401Unauthorized, ErrorKind.Authentication, "Invalid API Key: send one as 'Authorization: Bearer KEY' or 'x-api-key: KEY'."));
        }

        context.Items[Item] = $"key {number}";
    }

    /// <summary>Whose request it is, for limits and logs: the number of its key, or its address. Never the key.</summary>
    public static string Of(HttpContext context) =>
        context.Items.TryGetValue(Item, out var key) ? (string)key! : context.Connection.RemoteIpAddress?.ToString() ?? "local";

    /// <summary>Whose answers a request may read: those of its key, or of all where there are no keys.</summary>
    public static string OwnerOf(HttpContext context) => context.Items.TryGetValue(Item, out var key) ? (string)key! : "";

    private static string? KeyOf(HttpRequest request)
    {
        if (request.Headers.Authorization is [{ } authorization] && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return authorization[Scheme.Length..].Trim();
        return request.Headers["x-api-key"] is [{ } key] ? key.Trim() : null;
    }
}
