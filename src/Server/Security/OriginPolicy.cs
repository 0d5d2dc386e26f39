using Microsoft.AspNetCore.Http;

namespace ArchGen.Server.Security;

/// <summary>Which pages may call the server from a browser: those of the server, those of the user's own machine, and those of a list.</summary>
/// <param name="allowed">Origins such as <c>https://chat.example</c>, <c>localhost</c> for those of the machine, <c>*</c> for all.</param>
internal sealed class OriginPolicy(IEnumerable<string> allowed)
{
    private readonly string[] _allowed = [.. allowed.Select(origin => origin.Trim().TrimEnd('/')).Where(origin => origin.Length > 0)];

    /// <summary>Whether a page of an origin may call the server.</summary>
    /// <param name="origin">The header.</param>
    /// <param name="request">The request.</param>
    public bool Allows(string origin, HttpRequest request)
    {
        if (Array.Exists(_allowed, one => one == "*" || one.Equals(origin, StringComparison.OrdinalIgnoreCase))) return true;
        // "null" is the origin of files and of frames without one: anybody's.
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri)) return HostPolicy.IsLoopback(origin);
        if (uri.Scheme is not ("http" or "https")) return false;
        return HostPolicy.IsLoopback(uri.Host)
            || (uri.Scheme == request.Scheme && uri.Authority.Equals(Authority(request), StringComparison.OrdinalIgnoreCase));
    }

    // Without the port that the scheme has anyway, as browsers write origins.
    private static string Authority(HttpRequest request)
    {
        var usual = request.Scheme == "https" ? 443 : 80;
        return request.Host.Port is { } port && port != usual ? request.Host.Value! : request.Host.Host;
    }
}
