using System.Net.Sockets;
using System.Text;

namespace ArchGen.Server.Tests.Abuse;

/// <summary>A client that sends what it likes, as slowly as it likes.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };

    private bool _isGone;

    public static async Task<RawClient> ConnectAsync(TestServer server)
    {
        var client = new RawClient();
        await client._socket.ConnectAsync(server.Address.Host, server.Address.Port);
        return client;
    }

    public async Task SendAsync(string text) => await _socket.SendAsync(Encoding.ASCII.GetBytes(text));

    /// <summary>Posts JSON.</summary>
    public Task PostAsync(string path, string json) =>
        SendAsync($"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}");

    /// <summary>Reads until the server closes the connection.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            int length;
            while ((length = await _socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken)) > 0)
                text.Append(Encoding.ASCII.GetString(buffer, 0, length));
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionReset)
        {
        }

        return text.ToString();
    }

    /// <summary>Reads something.</summary>
    public async Task ReadAsync() => Assert.True(await _socket.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken) > 0);

    /// <summary>Goes away without a word.</summary>
    public void Dispose()
    {
        if (_isGone) return;
        _isGone = true;
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Dispose();
    }
}
