using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ArchGen.Server.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ArchGen.Server.Security;

/// <summary>Where the server listens, and what it puts up with from slow clients.</summary>
internal static class KestrelSetup
{
    // A body of 30 MB may take hours at this rate, but one that stands still is cut off.
    private const double BytesPerSecond = 240;
    private const double ChunksPerTimeout = 8;

    /// <summary>Sets the limits and the addresses.</summary>
    /// <exception cref="RequestException">The certificate cannot be read, or the socket is in use.</exception>
    public static void Configure(KestrelServerOptions kestrel, ServerOptions options, IReadOnlyList<IPEndPoint> listen)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxRequestBodySize = options.MaxRequestBytes;
        limits.MaxConcurrentConnections = options.MaxConnections;
        limits.RequestHeadersTimeout = options.HeadersTimeout;
        limits.MinRequestBodyDataRate = new MinDataRate(BytesPerSecond, options.SlowSenderTimeout);
        // Counts while there is something that the client does not take: not while the server waits for tokens. What the system's buffers take counts for
        // the client, by the rate; so it is higher than for bodies.
        limits.MinResponseDataRate = new MinDataRate(
            Math.Max(ChunksPerTimeout * ApiEndpoint.ChunkBytes / options.SlowReaderTimeout.TotalSeconds, BytesPerSecond), options.SlowReaderTimeout);
        var certificate = Certificate(options);
        if (options.UnixSocket is { } path)
        {
            RemoveStale(path);
            kestrel.ListenUnixSocket(path, Secure);
            return;
        }

        foreach (var address in listen) kestrel.Listen(address, Secure);

        void Secure(ListenOptions endpoint)
        {
            if (certificate is not null) endpoint.UseHttps(certificate);
        }
    }

    private static X509Certificate2? Certificate(ServerOptions options)
    {
        if (options.CertificateFile is null && options.CertificateKeyFile is null) return null;
        if (options.CertificateFile is null || options.CertificateKeyFile is null)
            throw new RequestException("HTTPS needs both a certificate and its key: give --ssl-cert-file and --ssl-key-file.");
        try
        {
            return X509Certificate2.CreateFromPemFile(options.CertificateFile, options.CertificateKeyFile);
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new RequestException($"The certificate or its key cannot be read: {error.Message} Both must be PEM, the key without a password.", error);
        }
    }

    // A server that was killed leaves its socket behind.
    private static void RemoveStale(string path)
    {
        if (!File.Exists(path)) return;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }
        catch (SocketException)
        {
        }

        throw new RequestException($"{path} is in use, or is no socket. Give another path.");
    }
}
