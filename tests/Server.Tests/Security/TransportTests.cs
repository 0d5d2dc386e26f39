using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ArchGen.Fixtures;
using Microsoft.AspNetCore.Builder;

namespace ArchGen.Server.Tests.Security;

/// <summary>HTTPS and Unix sockets.</summary>
public sealed class TransportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task A_certificate_makes_it_https()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(_folder.File("cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(_folder.File("key.pem"), key.ExportPkcs8PrivateKeyPem());
        await using var server = await TestServer.StartAsync(
            options => (options.CertificateFile, options.CertificateKeyFile) = (_folder.File("cert.pem"), _folder.File("key.pem")));
        Assert.Equal("https", server.Address.Scheme);
        using var client = new HttpClient(new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, presented, _, _) => presented!.Thumbprint == certificate.Thumbprint,
        });
        using var response = await client.GetAsync(new Uri(server.Address, "/health/live"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_certificate_without_its_key_is_an_error_in_words()
    {
        var alone = await Assert.ThrowsAsync<RequestException>(() => TestServer.StartAsync(options => options.CertificateFile = _folder.File("cert.pem")));
        Assert.Contains("--ssl-key-file", alone.Message);
        File.WriteAllText(_folder.File("bad.pem"), "no certificate");
        var bad = await Assert.ThrowsAsync<RequestException>(() => TestServer.StartAsync(
            options => options.CertificateFile = options.CertificateKeyFile = _folder.File("bad.pem")));
        Assert.Contains("cannot be read", bad.Message);
    }

    [Fact(Timeout = 60_000)]
    public async Task It_listens_on_a_socket_and_takes_over_one_that_a_killed_server_left()
    {
        var path = _folder.File("archgen.sock");
        using (var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            left.Bind(new UnixDomainSocketEndPoint(path + ".left"));
            // Else it would be deleted with the socket, as it is unless the process is killed.
            File.Move(path + ".left", path);
        }

        await using var application = Create(path);
        await application.StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler { ConnectCallback = (_, cancellation) => ConnectAsync(path, cancellation) });
        using var response = await client.GetAsync("http://localhost/health/live");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        Assert.Contains("is in use", Assert.Throws<RequestException>(() => Create(path)).Message);
        await application.StopAsync();
    }

    private static WebApplication Create(string path) => ServerApplication.Create(options =>
    {
        options.Models.Add(TestServer.Stories());
        options.UnixSocket = path;
    });

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
