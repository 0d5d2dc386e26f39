using System.CommandLine;
using System.Net;
using ArchGen.CommandLine.Options;
using ArchGen.Gguf.Files;
using ArchGen.Server;

namespace ArchGen.CommandLine.Serving;

/// <summary>The options of where the server listens, and of its connections.</summary>
internal sealed class ListenFlags
{
    private readonly Option<string> _host = new("--host")
    {
        Description = "The address to listen on; 0.0.0.0 for all of this machine's, or a path that ends with .sock for a Unix socket.",
        DefaultValueFactory = _ => "127.0.0.1",
        HelpName = "ADDRESS",
    };

    private readonly Option<int> _port = new Option<int>("--port")
    {
        Description = "The port to listen on; 0 for a free one.", DefaultValueFactory = _ => 8080,
    }.Within(0, ushort.MaxValue);

    private readonly Option<string?> _certificate = new("--ssl-cert-file") { Description = "A certificate in PEM, for HTTPS.", HelpName = "FILE" };
    private readonly Option<string?> _key = new("--ssl-key-file") { Description = "The private key of the certificate in PEM.", HelpName = "FILE" };

    private readonly Option<int?> _timeout = new Option<int?>("--timeout", "-to")
    {
        Description = "Seconds after which a client that reads nothing of its answer is cut off. Default 120.",
    }.Within(1, 86_400);

    private readonly Option<int?> _ping = new Option<int?>("--sse-ping-interval")
    {
        Description = "Seconds after which a silent stream sends a comment; -1 or 0 for never. Default 15.",
    }.Within(0, 86_400, "for never");

    private readonly Option<int> _drain = new Option<int>("--drain-timeout")
    {
        Description = "Seconds that answers which have begun get to end when the server stops.", DefaultValueFactory = _ => 30,
    }.Within(0, 86_400);

    private readonly Option<int> _stall = new Option<int>("--stall-timeout")
    {
        Description = "Seconds without a step while answers wait, after which the server is not ready; 0 for never.", DefaultValueFactory = _ => 120,
    }.Within(0, 86_400);

    /// <summary>The options.</summary>
    public IEnumerable<Symbol> All => [_host, _port, _certificate, _key, _timeout, _ping, _drain, _stall];

    /// <summary>The addresses to listen on; none for a Unix socket.</summary>
    /// <exception cref="RequestException">The address is none.</exception>
    public IReadOnlyList<IPEndPoint> Addresses(ParseResult parsed)
    {
        var host = parsed.GetValue(_host)!;
        if (IsSocket(host)) return [];
        if (!IPAddress.TryParse(host is "localhost" ? "127.0.0.1" : host, out var address))
            throw new RequestException($"--host {host} is no address. Give one of this machine's, such as 127.0.0.1 or 0.0.0.0.");
        return [new IPEndPoint(address, parsed.GetValue(_port))];
    }

    /// <summary>Sets the options.</summary>
    /// <exception cref="ModelFileException">A file cannot be read.</exception>
    public void Apply(ParseResult parsed, ServerOptions options)
    {
        options.CertificateFile = Readable(parsed.GetValue(_certificate), "a certificate");
        options.CertificateKeyFile = Readable(parsed.GetValue(_key), "a private key");
        if (parsed.GetValue(_timeout) is { } timeout) options.SlowReaderTimeout = TimeSpan.FromSeconds(timeout);
        if (parsed.GetValue(_ping) is { } ping) options.PingInterval = TimeSpan.FromSeconds(Math.Max(ping, 0));
        options.DrainTimeout = TimeSpan.FromSeconds(parsed.GetValue(_drain));
        options.StallTimeout = TimeSpan.FromSeconds(parsed.GetValue(_stall));
        if (parsed.GetValue(_host) is { } host && IsSocket(host)) options.UnixSocket = host;
    }

    private static bool IsSocket(string host) => host.EndsWith(".sock", StringComparison.Ordinal);

    private static string? Readable(string? path, string expected)
    {
        if (path is not null) _ = InputFile.ReadAllBytes(path, expected);
        return path;
    }
}
