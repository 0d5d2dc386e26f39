using System.Net;

namespace ArchGen.Server.Security;

/// <summary>
/// By which names the server may be called. A page of a stranger can give its own name this machine's address (DNS rebinding), and then calls the server as
/// its own; but its requests keep the stranger's name.
/// </summary>
/// <param name="allowed">Names, or endings that begin with a dot; empty for none.</param>
/// <param name="isLoopbackOnly">Whether the server listens on the loopback interface alone.</param>
internal sealed class HostPolicy(IEnumerable<string> allowed, bool isLoopbackOnly)
{
    private readonly string[] _allowed = [.. allowed.Select(name => name.Trim()).Where(name => name.Length > 0)];

    /// <summary>Whether a host is of the loopback interface: localhost, names below it, 127.0.0.0/8 or ::1.</summary>
    /// <param name="host">The host without its port.</param>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (AddressOf(host) is { } address && IPAddress.IsLoopback(address));

    /// <summary>Whether a request may have a host.</summary>
    /// <param name="host">The host without its port; empty if the request has none.</param>
    public bool Allows(string host)
    {
        if (host.Length == 0) return false;
        if (IsLoopback(host) || Array.Exists(_allowed, name => Matches(name, host))) return true;
        if (_allowed.Length > 0) return false;
        // An address cannot be rebound.
        return !isLoopbackOnly || AddressOf(host) is not null;
    }

    private static bool Matches(string name, string host) =>
        name == "*" || (name[0] == '.' ? host.EndsWith(name, StringComparison.OrdinalIgnoreCase) : host.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static IPAddress? AddressOf(string host) => IPAddress.TryParse(host.Trim('[', ']'), out var address) ? address : null;
}
